package wasi

import (
	"context"
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
const mostBytes = 64 << 10

// failed is the resource `error`.
type failed struct {
	error
}

// input is the resource `input-stream`.
type input interface {
	source
	// read gives what there is, which may be nothing yet; io.EOF is the end.
	read(length uint64) ([]byte, error)
}

// output is the resource `output-stream`.
type output interface {
	source
	// room is how much can be written at once.
	room() (uint64, error)
	// write takes no more than there is room for, and does not keep the bytes.
	write(ctx context.Context, bytes []byte) error
	// flush waits until what was written has arrived.
	flush(ctx context.Context) error
}

// readSome waits for something to read.
func readSome(ctx context.Context, from input, length uint64) ([]byte, error) {
	for {
		bytes, err := from.read(length)
		if len(bytes) > 0 || err != nil || length == 0 {
			return bytes, err
		}
		if err := wait(ctx, &pollable{source: from}); err != nil {
			return nil, interrupted{err}
		}
	}
}

// writeAll waits for room and for what was written.
func writeAll(ctx context.Context, to output, bytes []byte) error {
	for len(bytes) > 0 {
		room, err := to.room()
		if err != nil {
			return err
		}
		if room == 0 {
			if err := wait(ctx, &pollable{source: to}); err != nil {
				return interrupted{err}
			}
			continue
		}
		part := bytes[:min(room, uint64(len(bytes)))]
		if err := to.write(ctx, part); err != nil {
			return err
		}
		bytes = bytes[len(part):]
	}
	return to.flush(ctx)
}

// interrupted is the end of a context, which is no error of a stream but ends the component.
type interrupted struct {
	error
}

func (i interrupted) Unwrap() error { return i.error }

// fatal is the error that ends the component, if any.
func fatal(err error) error {
	var ended interrupted
	if errors.As(err, &ended) {
		return ended.error
	}
	return nil
}

var errTooMuch = errors.New("more was written than `check-write` allowed")

// putStreamError writes a `stream-error`.
func (b *binder) putStreamError(call *host.Import, at uint32, err error) {
	const lastOperationFailed, closed = 0, 1
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
		call.PutU8(at, closed)
		return
	}
	call.PutU8(at, lastOperationFailed)
	call.PutU32(at+4, uint32(b.give(call, errorKind, &failed{err})))
}

// putDone writes a `result<_, stream-error>`.
func (b *binder) putDone(call *host.Import, area uint64, err error) {
	call.Done(fatal(err))
	at := call.Area(area, 12, 4, "return")
	call.PutU8(at, host.FromBool(err != nil))
	if err != nil {
		b.putStreamError(call, at+4, err)
	}
}

// putCount writes a `result<u64, stream-error>`.
func (b *binder) putCount(call *host.Import, area, count uint64, err error) {
	call.Done(fatal(err))
	at := call.Area(area, 16, 8, "return")
	call.PutU8(at, host.FromBool(err != nil))
	if err != nil {
		b.putStreamError(call, at+8, err)
		return
	}
	call.PutU64(at+8, count)
}

func (b *binder) output(call *host.Import, number uint64) output {
	return host.LiftValue[output](call.Memory, b.kind(outputKind), uint32(number), false)
}

func (b *binder) input(call *host.Import, number uint64) input {
	return host.LiftValue[input](call.Memory, b.kind(inputKind), uint32(number), false)
}

func (b *binder) outputs(to bodies) {
	const method = "io/streams#[method]output-stream."
	to[method+"check-write"] = func(call *host.Import, stack []uint64) {
		room, err := b.output(call, stack[0]).room()
		b.putCount(call, stack[1], room, err)
	}
	to[method+"write"] = func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		b.putDone(call, stack[3], writeNow(call.Context(), stream, call.View(uint32(stack[1]), uint32(stack[2]))))
	}
	to[method+"blocking-write-and-flush"] = func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		b.putDone(call, stack[3], writeAll(call.Context(), stream, call.View(uint32(stack[1]), uint32(stack[2]))))
	}
	to[method+"write-zeroes"] = func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		err := errTooMuch
		if stack[1] <= mostBytes {
			err = writeNow(call.Context(), stream, make([]byte, stack[1]))
		}
		b.putDone(call, stack[2], err)
	}
	to[method+"blocking-write-zeroes-and-flush"] = func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		var err error
		for left := stack[1]; left > 0 && err == nil; left -= min(left, mostBytes) {
			err = writeAll(call.Context(), stream, make([]byte, min(left, mostBytes)))
		}
		b.putDone(call, stack[2], err)
	}
	flush := func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		b.putDone(call, stack[1], stream.flush(call.Context()))
	}
	to[method+"flush"], to[method+"blocking-flush"] = flush, flush
	splice := func(read func(ctx context.Context, from input, length uint64) ([]byte, error)) body {
		return func(call *host.Import, stack []uint64) {
			to, from := b.output(call, stack[0]), b.input(call, stack[1])
			bytes, err := read(call.Context(), from, min(stack[2], mostBytes))
			if err == nil {
				err = writeAll(call.Context(), to, bytes)
			}
			b.putCount(call, stack[3], uint64(len(bytes)), err)
		}
	}
	to[method+"splice"], to[method+"blocking-splice"] = splice(readNow), splice(readSome)
	to[method+"subscribe"] = func(call *host.Import, stack []uint64) {
		stream := b.output(call, stack[0])
		call.Ended()
		stack[0] = b.give(call, pollableKind, &pollable{source: stream})
	}
}

// writeNow writes what there must be room for.
func writeNow(ctx context.Context, to output, bytes []byte) error {
	room, err := to.room()
	if err == nil && uint64(len(bytes)) > room {
		err = errTooMuch
	}
	if err != nil || len(bytes) == 0 {
		return err
	}
	return to.write(ctx, bytes)
}

func readNow(_ context.Context, from input, length uint64) ([]byte, error) {
	return from.read(length)
}

func (b *binder) inputs(to bodies) {
	const method = "io/streams#[method]input-stream."
	type reader = func(ctx context.Context, from input, length uint64) ([]byte, error)
	read := func(read reader) body {
		return func(call *host.Import, stack []uint64) {
			stream := b.input(call, stack[0])
			bytes, err := read(call.Context(), stream, min(stack[1], mostBytes))
			call.Done(fatal(err))
			at := call.Area(stack[2], 12, 4, "return")
			call.PutU8(at, host.FromBool(err != nil))
			if err != nil {
				b.putStreamError(call, at+4, err)
				return
			}
			start, length := host.LowerNumbers(call.Memory, bytes)
			putPair(call, at+4, start, length)
		}
	}
	skip := func(read reader) body {
		return func(call *host.Import, stack []uint64) {
			stream := b.input(call, stack[0])
			bytes, err := read(call.Context(), stream, min(stack[1], mostBytes))
			b.putCount(call, stack[2], uint64(len(bytes)), err)
		}
	}
	to[method+"read"], to[method+"blocking-read"] = read(readNow), read(readSome)
	to[method+"skip"], to[method+"blocking-skip"] = skip(readNow), skip(readSome)
	to[method+"subscribe"] = func(call *host.Import, stack []uint64) {
		stream := b.input(call, stack[0])
		call.Ended()
		stack[0] = b.give(call, pollableKind, &pollable{source: stream})
	}
	to["io/error#[method]error.to-debug-string"] = func(call *host.Import, stack []uint64) {
		found := host.LiftValue[*failed](call.Memory, b.kind(errorKind), uint32(stack[0]), false)
		call.Ended()
		putString(call, call.Area(stack[1], 8, 4, "return"), found.Error())
	}
}
