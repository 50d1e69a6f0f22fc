package mmserver

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// The module that pins the server. It is apart from that of the tests, which
// need the product's version of the server's library.
//
//go:embed server.mod
var serverMod []byte

//go:embed server.sum
var serverSum []byte

const serverPackage = "github.com/mattermost/mattermost/server/v8"

// assets are the folders that the server reads beside its binary.
var assets = []string{"i18n", "templates", "fonts"}

// build gives the folder that holds the server's binary and assets. It is made
// once for a pinned version, and kept in the user's cache.
func build() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("where built servers are kept: %w", err)
	}
	sum := sha256.Sum256(bytes.Join([][]byte{serverMod, serverSum, []byte(runtime.Version())}, []byte{0}))
	home := filepath.Join(cache, "parcours-e2e", "mattermost-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(filepath.Join(home, "ready")); err == nil {
		return home, nil
	}
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil {
		return "", err
	}
	making, err := os.MkdirTemp(filepath.Dir(home), "making-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(making)
	if err := makeIn(making); err != nil {
		return "", err
	}
	// Another run may have made it meanwhile: then that one is as good.
	if err := os.Rename(making, home); err != nil {
		if _, there := os.Stat(filepath.Join(home, "ready")); there != nil {
			return "", err
		}
	}
	return home, nil
}

func makeIn(home string) error {
	for name, content := range map[string][]byte{"go.mod": serverMod, "go.sum": serverSum} {
		if err := os.WriteFile(filepath.Join(home, name), content, 0o644); err != nil {
			return err
		}
	}
	if _, err := goTool(home, "build", "-mod=mod", "-o", filepath.Join(home, "mattermost"), serverPackage+"/cmd/mattermost"); err != nil {
		return err
	}
	source, err := goTool(home, "list", "-mod=mod", "-m", "-f", "{{.Dir}}", serverPackage)
	if err != nil {
		return err
	}
	for _, name := range assets {
		if err := os.CopyFS(filepath.Join(home, name), os.DirFS(filepath.Join(strings.TrimSpace(source), name))); err != nil {
			return fmt.Errorf("copy the server's %s: %w", name, err)
		}
	}
	return os.WriteFile(filepath.Join(home, "ready"), nil, 0o644)
}

func goTool(folder string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var out, wrong bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &wrong
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, wrong.String())
	}
	return out.String(), nil
}
