package mmserver

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
)

// Query asks the server's database, past the server, and gives the rows.
func (s *Server) Query(ctx context.Context, sql string) ([][]string, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "psql"), "--no-psqlrc", "--csv", "--tuples-only", "--set", "ON_ERROR_STOP=1",
		"--host", "127.0.0.1", "--port", strconv.Itoa(s.database.port), "--username", "mm", "--dbname", "mattermost", "--command", sql)
	var out, wrong bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &wrong
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("psql: %w\n%s", err, wrong.String())
	}
	return csv.NewReader(&out).ReadAll()
}
