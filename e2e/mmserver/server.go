package mmserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// Password is that of every account made for tests.
const Password = "Parcours-2026-essai"

// Server is a Mattermost server of one's own.
type Server struct {
	// URL is the server's address, the same after a restart.
	URL string
	// Admin is the session of its administrator.
	Admin *model.Client4

	folder, home string
	port         int
	database     *postgres
	process      *process
}

// Start builds the server if need be and runs it, with an administrator and
// nothing else. Close must be called.
func Start(ctx context.Context) (s *Server, err error) {
	s = &Server{}
	if s.home, err = build(); err != nil {
		return nil, err
	}
	sweep()
	if s.folder, err = os.MkdirTemp("", fmt.Sprintf("%s%d-", prefix, os.Getpid())); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	// The database's user passes through it to its own folder.
	if err := os.Chmod(s.folder, 0o711); err != nil {
		return nil, err
	}
	if err := s.furnish(); err != nil {
		return nil, err
	}
	if s.port, err = freePort(); err != nil {
		return nil, err
	}
	s.URL = fmt.Sprintf("http://127.0.0.1:%d", s.port)
	if s.database, err = startPostgres(s.folder); err != nil {
		return nil, err
	}
	if err := s.Run(ctx, nil); err != nil {
		return nil, err
	}
	s.Admin = model.NewAPIv4Client(s.URL)
	if _, _, err := s.Admin.CreateUser(ctx, &model.User{Username: "admin", Email: "admin@example.org", Password: Password}); err != nil {
		return nil, fmt.Errorf("make the administrator: %w", err)
	}
	if _, _, err := s.Admin.Login(ctx, "admin", Password); err != nil {
		return nil, fmt.Errorf("log in as the administrator: %w", err)
	}
	return s, nil
}

// prefix begins the names of the temporary folders; the id of the process that
// made one follows.
const prefix = "parcours-e2e-"

// sweep removes the folders of tests that were killed: their programs are gone.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, folder := range left {
		var pid int
		if _, err := fmt.Sscanf(filepath.Base(folder), prefix+"%d-", &pid); err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(folder)
		}
	}
}

// furnish makes the server's working folder.
func (s *Server) furnish() error {
	for _, name := range []string{"client/plugins", "config", "data", "plugins", "logs"} {
		if err := os.MkdirAll(filepath.Join(s.folder, name), 0o755); err != nil {
			return err
		}
	}
	for _, name := range assets {
		if err := os.Symlink(filepath.Join(s.home, name), filepath.Join(s.folder, name)); err != nil {
			return err
		}
	}
	return nil
}

// settings are what the server is run with.
func (s *Server) settings() map[string]string {
	return map[string]string{
		"MM_SQLSETTINGS_DRIVERNAME": "postgres", "MM_SQLSETTINGS_DATASOURCE": s.database.source(),
		"MM_SERVICESETTINGS_LISTENADDRESS":                       fmt.Sprintf("127.0.0.1:%d", s.port),
		"MM_SERVICESETTINGS_SITEURL":                             s.URL,
		"MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION":            "true",
		"MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS":              "true",
		"MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS": "127.0.0.1",
		"MM_SERVICESETTINGS_ENABLESECURITYFIXALERT":              "false",
		"MM_LOGSETTINGS_ENABLEDIAGNOSTICS":                       "false",
		"MM_LOGSETTINGS_CONSOLELEVEL":                            "WARN",
		"MM_PLUGINSETTINGS_ENABLE":                               "false",
		"MM_TEAMSETTINGS_ENABLEOPENSERVER":                       "true",
		"MM_TEAMSETTINGS_MAXUSERSPERTEAM":                        "1000",
		"MM_EMAILSETTINGS_SENDEMAILNOTIFICATIONS":                "false",
		"MM_EMAILSETTINGS_SENDPUSHNOTIFICATIONS":                 "false",
	}
}

// Run starts the server, with some settings changed, and waits until it is
// ready. The names of settings are those of the server's environment; one that is
// changed to nothing is left out, for the server to have from its own file.
func (s *Server) Run(ctx context.Context, changed map[string]string) error {
	cmd := exec.Command(filepath.Join(s.home, "mattermost"), "server")
	cmd.Dir = s.folder
	cmd.Env = append(os.Environ(), "MM_INSTALL_TYPE=test")
	settings := s.settings()
	for name, value := range changed {
		settings[name] = value
	}
	for name, value := range settings {
		if value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	var err error
	if s.process, err = start(cmd, filepath.Join(s.folder, "mattermost.log")); err != nil {
		return err
	}
	client := model.NewAPIv4Client(s.URL)
	err = until(3*time.Minute, s.process, func() error {
		status, _, err := client.GetPing(ctx)
		if err == nil && status != model.StatusOk {
			err = errors.New(status)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, s.Log())
	}
	return nil
}

// Stop ends the server; its data stays, and Run starts it again.
func (s *Server) Stop() {
	s.process.stop(syscall.SIGTERM, 20*time.Second)
	s.process = nil
}

// Log gives the end of what the server has logged since it was started.
func (s *Server) Log() string {
	log, _ := os.ReadFile(filepath.Join(s.folder, "mattermost.log"))
	return string(log[max(0, len(log)-8000):])
}

// Close ends all and removes the temporary folder.
func (s *Server) Close() {
	if s.process != nil {
		s.Stop()
	}
	s.database.close()
	os.RemoveAll(s.folder)
}
