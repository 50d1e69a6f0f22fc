package mmserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// postgres is a database server with one database, for the Mattermost server.
type postgres struct {
	*process
	port int
}

// binaries gives the folder of PostgreSQL's programs: the newest version that the
// system has.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		path, err := exec.LookPath("initdb")
		if err != nil {
			return "", errors.New("PostgreSQL is needed: install your system's package postgresql")
		}
		return filepath.Dir(path), nil
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// asPostgres gives who runs the database: it refuses to run as root.
func asPostgres() (*syscall.SysProcAttr, int, int, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, os.Getuid(), os.Getgid(), nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, 0, 0, fmt.Errorf("who runs PostgreSQL: %w", err)
	}
	uid, uidErr := strconv.Atoi(account.Uid)
	gid, gidErr := strconv.Atoi(account.Gid)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return nil, 0, 0, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, uid, gid, nil
}

func startPostgres(folder string) (*postgres, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	as, uid, gid, err := asPostgres()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "postgres")
	if err := os.Mkdir(data, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chown(data, uid, gid); err != nil {
		return nil, err
	}
	run := func(program string, args ...string) error {
		cmd := exec.Command(filepath.Join(bin, program), args...)
		cmd.Dir, cmd.SysProcAttr = data, as
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", program, err, out)
		}
		return nil
	}
	if err := run("initdb", "-D", filepath.Join(data, "db"), "-A", "trust", "-U", "mm", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(bin, "postgres"), "-D", filepath.Join(data, "db"), "-h", "127.0.0.1",
		"-p", strconv.Itoa(port), "-k", data, "-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=120")
	own := *as
	cmd.Dir, cmd.SysProcAttr = data, &own
	p := &postgres{port: port}
	if p.process, err = start(cmd, filepath.Join(folder, "postgres.log")); err != nil {
		return nil, err
	}
	err = until(30*time.Second, p.process, func() error {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err
		}
		conn.Close()
		return run("createdb", "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-U", "mm", "mattermost")
	})
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *postgres) source() string {
	return fmt.Sprintf("postgres://mm@127.0.0.1:%d/mattermost?sslmode=disable&connect_timeout=10", p.port)
}

func (p *postgres) close() {
	if p != nil {
		// SIGINT: end the sessions, then end.
		p.stop(syscall.SIGINT, 10*time.Second)
	}
}
