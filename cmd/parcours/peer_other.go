//go:build !linux

package main

import "net"

// Elsewhere the rights of the socket's file are what keeps others away.

func peer(net.Conn) (uid int, known bool) { return 0, false }

func ownerOf(string) (uid int, known bool) { return 0, false }
