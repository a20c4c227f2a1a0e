//go:build !amd64 || race

package host

import "sync/atomic"

// release tells other goroutines what an instance is doing after a call.
func release(status *atomic.Int32, now int32) {
	status.Store(now)
}
