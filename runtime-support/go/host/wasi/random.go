package wasi

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// The most random bytes that are given at once.
const mostRandom = 64 << 20

func (b *binder) random(to bodies) {
	granted := func() error {
		if b.Random.Allow {
			return nil
		}
		return b.refused("get random numbers", "random.allow")
	}
	always := func() error { return nil }
	// It never fails.
	secure := func(bytes []byte) { _, _ = rand.Read(bytes) }
	insecure := secure
	if !b.Random.Allow {
		// A fixed sequence tells nothing of the host, and hash tables work.
		insecure = new(predictable).read
	}
	number := func(may func() error, read func([]byte)) body {
		return func(call *host.Import, stack []uint64) {
			call.Done(may())
			stack[0] = randomNumber(read)
		}
	}
	bytes := func(may func() error, read func([]byte)) body {
		return func(call *host.Import, stack []uint64) {
			err := may()
			if err == nil && stack[0] > mostRandom {
				err = fmt.Errorf("%d random bytes at once are too many", stack[0])
			}
			call.Done(err)
			bytes := make([]byte, stack[0])
			read(bytes)
			start, length := host.LowerNumbers(call.Memory, bytes)
			putPair(call, call.Area(stack[1], 8, 4, "return"), start, length)
		}
	}
	to["random/random#get-random-bytes"] = bytes(granted, secure)
	to["random/random#get-random-u64"] = number(granted, secure)
	to["random/insecure#get-insecure-random-bytes"] = bytes(always, insecure)
	to["random/insecure#get-insecure-random-u64"] = number(always, insecure)
	to["random/insecure-seed#insecure-seed"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		at := call.Area(stack[0], 16, 8, "return")
		call.PutU64(at, randomNumber(insecure))
		call.PutU64(at+8, randomNumber(insecure))
	}
}

func randomNumber(read func([]byte)) uint64 {
	var bytes [8]byte
	read(bytes[:])
	return binary.LittleEndian.Uint64(bytes[:])
}

// predictable is splitmix64 (Steele, Lea and Flood, 2014).
type predictable uint64

func (p *predictable) read(bytes []byte) {
	for len(bytes) > 0 {
		*p += 0x9e37_79b9_7f4a_7c15
		mixed := uint64(*p)
		mixed = (mixed ^ mixed>>30) * 0xbf58_476d_1ce4_e5b9
		mixed = (mixed ^ mixed>>27) * 0x94d0_49bb_1331_11eb
		var number [8]byte
		binary.LittleEndian.PutUint64(number[:], mixed^mixed>>31)
		bytes = bytes[copy(bytes, number[:]):]
	}
}
