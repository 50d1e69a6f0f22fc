// Sidebyside makes a page of what people are told of a story on the three platforms,
// a column for each, of what the tests have written; see storytest.FolderVariable:
//
//	go run ./story/sidebyside FOLDER STORY > page.html
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"slices"

	"parcours/story"
)

// platforms are the columns, in order.
var platforms = []string{"sandbox", "slack", "mattermost"}

//go:embed page.html
var text string

var page = template.Must(template.New("page").Parse(text))

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "sidebyside FOLDER STORY")
		os.Exit(2)
	}
	if err := write(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A row is a step of the story, and what was seen of it on each platform.
type row struct {
	Heads []string
	Seen  [][]story.Line
}

// Told says whether anybody saw anything.
func (r row) Told() bool {
	return slices.ContainsFunc(r.Seen, func(seen []story.Line) bool { return len(seen) > 0 })
}

// write makes the page of one story.
func write(out io.Writer, folder, name string) error {
	var rows []row
	for _, platform := range platforms {
		scenes, err := read(filepath.Join(folder, name+"."+platform+".json"))
		if err != nil {
			return err
		}
		if rows == nil {
			rows = make([]row, len(scenes))
		}
		if len(rows) != len(scenes) {
			return errors.New("the story was not played to its end on each platform")
		}
		for i, scene := range scenes {
			rows[i].Heads, rows[i].Seen = scene.Heads, append(rows[i].Seen, scene.News)
		}
	}
	return page.Execute(out, rows)
}

func read(file string) ([]story.Scene, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	var scenes []story.Scene
	if err := json.Unmarshal(raw, &scenes); err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	return scenes, nil
}
