//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// sameOwner gives a file the owner that another has, which takes rights only when
// it is not one's own.
func sameOwner(path string, other fs.FileInfo) error {
	stat, ok := other.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Getuid() {
		return nil
	}
	return os.Chown(path, int(stat.Uid), int(stat.Gid))
}
