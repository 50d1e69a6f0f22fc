package slack_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parcours/adapters/slack"
	"parcours/adapters/slack/workspace"
)

// A shown is a message or a form of a golden file, by its name.
type shown struct {
	name   string
	view   map[string]any // nothing for a message
	blocks []any
}

// whole gives it as Slack is sent it.
func (s shown) whole() any {
	if s.view == nil {
		return s.blocks
	}
	s.view["blocks"] = s.blocks
	return s.view
}

// goldens gives what a golden file holds: names, under each of which is a line for each
// block, after one for the view if it is a form.
func goldens(t *testing.T, file string) []shown {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file))
	must(t, err)
	var all []shown
	for entry := range strings.SplitSeq(strings.TrimSpace(string(raw)), "\n\n") {
		lines := strings.Split(entry, "\n")
		one := shown{name: lines[0], blocks: []any{}}
		for _, line := range lines[1:] {
			value := map[string]any{}
			must(t, json.Unmarshal([]byte(line), &value))
			if value["type"] == "modal" {
				one.view = value
				continue
			}
			one.blocks = append(one.blocks, value)
		}
		all = append(all, one)
	}
	return all
}

// TestSlacksOwnTypesTakeEveryCardAndForm holds the golden files to the types that Slack
// publishes, compiled, and to what the double of Slack takes.
func TestSlacksOwnTypesTakeEveryCardAndForm(t *testing.T) {
	var source strings.Builder
	source.WriteString("import type {KnownBlock, MessageMetadata, ModalView} from '@slack/types';\n")
	source.WriteString("// @ts-expect-error The compiler refuses what is wrong.\nexport const wrong: KnownBlock = {type: 'sections', text: 'x'};\n")
	source.WriteString("// @ts-expect-error Nor does it take a list of texts.\nexport const list: MessageMetadata = {event_type: 'x', event_payload: {x: ['y']}};\n")
	for i, hidden := range []any{slack.Metadata("key", nil, 0), slack.Metadata("key", []string{"a", "b"}, 0), slack.Metadata("key", nil, 1)} {
		raw, err := json.Marshal(hidden)
		must(t, err)
		fmt.Fprintf(&source, "export const hidden%d: MessageMetadata = %s;\n", i, raw)
	}
	n := 0
	for file, kind := range map[string]string{"cards.golden": "KnownBlock[]", "forms.golden": "ModalView"} {
		for _, one := range goldens(t, file) {
			raw, err := json.Marshal(one.whole())
			must(t, err)
			if faults := workspace.Check(raw); len(faults) > 0 {
				t.Errorf("%s: Slack refuses: %q", one.name, faults)
			}
			n++
			fmt.Fprintf(&source, "// %s\nexport const shown%d: %s = %s;\n", one.name, n, kind, raw)
		}
	}
	if n < 50 {
		t.Fatalf("only %d cards and forms", n)
	}
	folder := t.TempDir()
	must(t, os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "types"))))
	must(t, os.WriteFile(filepath.Join(folder, "shown.ts"), []byte(source.String()), 0o600))
	for _, line := range [][]string{
		{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"},
		{filepath.Join("node_modules", ".bin", "tsc"), "--project", "."},
	} {
		command := exec.CommandContext(t.Context(), line[0], line[1:]...)
		command.Dir = folder
		if said, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%.4000s", line[0], err, said)
		}
	}
}
