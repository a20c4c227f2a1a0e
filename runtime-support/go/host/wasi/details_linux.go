package wasi

import (
	"io/fs"
	"syscall"
	"time"
)

func detailsOf(info fs.FileInfo) details {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return details{links: 1}
	}
	// The types of these fields differ between processors.
	return details{
		links: uint64(stat.Nlink), inode: stat.Ino, device: stat.Dev,
		accessed: time.Unix(stat.Atim.Unix()), changed: time.Unix(stat.Ctim.Unix()),
	}
}
