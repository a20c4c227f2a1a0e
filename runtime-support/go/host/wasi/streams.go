package wasi

import (
	"errors"
	"io"

	"github.com/witgen/witgen/runtime-support/go/host"
)

const (
	errorKind  = "io/error#error"
	inputKind  = "io/streams#input-stream"
	outputKind = "io/streams#output-stream"
)

// What is read or written at once.
const mostBytes = 1 << 20

// failure is the resource `error`.
type failure struct {
	error
}

type input struct {
	reader io.Reader
}

// read reads what is there, and waits for something.
func (s *input) read(length uint64) ([]byte, error) {
	if length == 0 {
		return nil, nil
	}
	if s.reader == nil {
		return nil, io.EOF
	}
	bytes := make([]byte, min(length, mostBytes))
	count, err := s.reader.Read(bytes)
	if count > 0 {
		err = nil
	}
	return bytes[:count], err
}

type output struct {
	writer io.Writer
}

func (s *output) write(bytes []byte) error {
	if s.writer == nil {
		return nil
	}
	_, err := s.writer.Write(bytes)
	return err
}

// putStreamError writes a `stream-error`.
func (b *binder) putStreamError(call *host.Import, at uint32, err error) {
	const lastOperationFailed, closed = 0, 1
	if errors.Is(err, io.EOF) {
		call.PutU8(at, closed)
		return
	}
	call.PutU8(at, lastOperationFailed)
	call.PutU32(at+4, uint32(b.give(call, errorKind, &failure{err})))
}

// putDone writes a `result<_, stream-error>`.
func (b *binder) putDone(call *host.Import, area uint64, err error) {
	at := call.Area(area, 12, 4, "return")
	call.PutU8(at, host.FromBool(err != nil))
	if err != nil {
		b.putStreamError(call, at+4, err)
	}
}

// putCount writes a `result<u64, stream-error>`.
func (b *binder) putCount(call *host.Import, area, count uint64, err error) {
	at := call.Area(area, 16, 8, "return")
	call.PutU8(at, host.FromBool(err != nil))
	if err != nil {
		b.putStreamError(call, at+8, err)
		return
	}
	call.PutU64(at+8, count)
}

func (b *binder) output(call *host.Import, number uint64) *output {
	return host.LiftValue[*output](call.Memory, b.kind(outputKind), uint32(number), false)
}

func (b *binder) input(call *host.Import, number uint64) *input {
	return host.LiftValue[*input](call.Memory, b.kind(inputKind), uint32(number), false)
}

func (b *binder) outputs(to map[string]body) {
	const method = "io/streams#[method]output-stream."
	write := func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		bytes := host.LiftNumbers[byte](call.Memory, uint32(stack[1]), uint32(stack[2]))
		call.Ended()
		b.putDone(call, stack[3], stream.write(bytes))
	}
	zeroes := func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		call.Ended()
		var err error
		for left := stack[1]; left > 0 && err == nil; left -= min(left, mostBytes) {
			err = stream.write(make([]byte, min(left, mostBytes)))
		}
		b.putDone(call, stack[2], err)
	}
	flush := func(call *host.Import, stack []uint64) {
		b.output(call, stack[0])
		call.Ended()
		b.putDone(call, stack[1], nil)
	}
	splice := func(call *host.Import, stack []uint64) {
		to, from := b.output(call, stack[0]), b.input(call, stack[1])
		call.Ended()
		bytes, err := from.read(stack[2])
		if err == nil {
			err = to.write(bytes)
		}
		b.putCount(call, stack[3], uint64(len(bytes)), err)
	}
	to[method+"check-write"] = func(call *host.Import, stack []uint64) {
		b.output(call, stack[0])
		call.Ended()
		b.putCount(call, stack[1], mostBytes, nil)
	}
	to[method+"write"], to[method+"blocking-write-and-flush"] = write, write
	to[method+"write-zeroes"], to[method+"blocking-write-zeroes-and-flush"] = zeroes, zeroes
	to[method+"flush"], to[method+"blocking-flush"] = flush, flush
	to[method+"splice"], to[method+"blocking-splice"] = splice, splice
	to[method+"subscribe"] = func(call *host.Import, stack []uint64) {
		b.output(call, stack[0])
		call.Ended()
		stack[0] = b.give(call, pollableKind, &pollable{})
	}
}

func (b *binder) inputs(to map[string]body) {
	const method = "io/streams#[method]input-stream."
	read := func(call *host.Import, stack []uint64) {
		stream := b.input(call, stack[0])
		call.Ended()
		bytes, err := stream.read(stack[1])
		at := call.Area(stack[2], 12, 4, "return")
		call.PutU8(at, host.FromBool(err != nil))
		if err != nil {
			b.putStreamError(call, at+4, err)
			return
		}
		start, length := host.LowerNumbers(call.Memory, bytes)
		putPair(call, at+4, start, length)
	}
	skip := func(call *host.Import, stack []uint64) {
		stream := b.input(call, stack[0])
		call.Ended()
		bytes, err := stream.read(stack[1])
		b.putCount(call, stack[2], uint64(len(bytes)), err)
	}
	to[method+"read"], to[method+"blocking-read"] = read, read
	to[method+"skip"], to[method+"blocking-skip"] = skip, skip
	to[method+"subscribe"] = func(call *host.Import, stack []uint64) {
		b.input(call, stack[0])
		call.Ended()
		stack[0] = b.give(call, pollableKind, &pollable{})
	}
	to["io/error#[method]error.to-debug-string"] = func(call *host.Import, stack []uint64) {
		failed := host.LiftValue[*failure](call.Memory, b.kind(errorKind), uint32(stack[0]), false)
		call.Ended()
		putString(call, call.Area(stack[1], 8, 4, "return"), failed.Error())
	}
}
