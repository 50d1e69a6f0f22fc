package main

import (
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// peer gives the account at the other end of a socket, where the system tells.
func peer(conn net.Conn) (uid int, known bool) {
	socket, ok := conn.(*net.UnixConn)
	if !ok {
		return 0, false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return 0, false
	}
	// An account that cannot be told is nobody's here.
	uid = -1
	_ = raw.Control(func(fd uintptr) {
		if other, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			uid = int(other.Uid)
		}
	})
	return uid, true
}

// ownerOf gives the account that a file belongs to.
func ownerOf(path string) (uid int, known bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}
