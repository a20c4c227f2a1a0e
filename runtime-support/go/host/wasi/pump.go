package wasi

import (
	"context"
	"io"
	"os"
	"sync"
	"time"
)

// pump reads ahead, so that a component can do something else meanwhile.
type pump struct {
	reader io.Reader
	closer io.Closer

	mutex  sync.Mutex
	buffer []byte
	err    error
	// Closed when a read that is under way has ended.
	reading chan struct{}
}

func newPump(reader io.Reader, closer io.Closer) *pump {
	return &pump{reader: reader, closer: closer}
}

func (p *pump) pending() <-chan struct{} {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.buffer) > 0 || p.err != nil {
		return nil
	}
	p.start()
	return p.reading
}

// start begins to read; the mutex is locked.
func (p *pump) start() {
	if p.reading != nil {
		return
	}
	ended := make(chan struct{})
	p.reading = ended
	go func() {
		bytes := make([]byte, mostBytes)
		count, err := p.reader.Read(bytes)
		p.mutex.Lock()
		defer p.mutex.Unlock()
		p.buffer, p.err, p.reading = bytes[:count], err, nil
		close(ended)
	}()
}

func (p *pump) read(length uint64) ([]byte, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.buffer) > 0 {
		count := min(length, uint64(len(p.buffer)))
		bytes := p.buffer[:count:count]
		p.buffer = p.buffer[count:]
		return bytes, nil
	}
	if p.err != nil {
		return nil, p.err
	}
	if length > 0 {
		p.start()
	}
	return nil, nil
}

// Close closes what it reads from.
func (p *pump) Close() error {
	if p.closer != nil {
		return p.closer.Close()
	}
	return nil
}

// writerOutput writes to a writer at once.
type writerOutput struct {
	writer io.Writer
	closer io.Closer
}

func (*writerOutput) pending() <-chan struct{} { return nil }
func (*writerOutput) room() (uint64, error)    { return mostBytes, nil }

func (*writerOutput) flush(context.Context) error { return nil }

func (o *writerOutput) write(ctx context.Context, bytes []byte) error {
	// The end of the context ends waiting for a peer that does not read.
	if limited, ok := o.writer.(interface{ SetWriteDeadline(time.Time) error }); ok && ctx.Done() != nil {
		if _, isFile := o.writer.(*os.File); !isFile {
			stop := context.AfterFunc(ctx, func() { _ = limited.SetWriteDeadline(time.Unix(1, 0)) })
			defer stop()
		}
	}
	_, err := o.writer.Write(bytes)
	if err != nil && ctx.Err() != nil {
		return interrupted{context.Cause(ctx)}
	}
	return err
}

// Close closes what it writes to.
func (o *writerOutput) Close() error {
	if o.closer != nil {
		return o.closer.Close()
	}
	return nil
}

// muted is a standard stream that is not granted: it ends at once, and what is written to it is lost.
// An error in its place would end most programs at their first line of output.
type muted struct {
	*guard
	grant, what string
}

func (muted) pending() <-chan struct{}    { return nil }
func (muted) room() (uint64, error)       { return mostBytes, nil }
func (muted) flush(context.Context) error { return nil }

func (m muted) write(context.Context, []byte) error {
	m.denied(m.what, m.grant)
	return nil
}

func (m muted) read(uint64) ([]byte, error) {
	m.denied(m.what, m.grant)
	return nil, io.EOF
}

// pipe is a stream from a component to a reader of the host, or of another component.
type pipe struct {
	mutex  sync.Mutex
	buffer []byte
	// Why nothing more comes, and why nothing more is taken.
	ended, refused error
	// Closed at every change.
	changed chan struct{}
}

// What a pipe holds until it is read.
const pipeSize = 1 << 20

func newPipe() *pipe {
	return &pipe{changed: make(chan struct{})}
}

// change tells those who wait; the mutex is locked.
func (p *pipe) change() {
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *pipe) pending() <-chan struct{} {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.buffer) < pipeSize || p.refused != nil {
		return nil
	}
	return p.changed
}

func (p *pipe) room() (uint64, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.refused != nil {
		return 0, p.refused
	}
	if p.ended != nil {
		return 0, io.EOF
	}
	return uint64(pipeSize - len(p.buffer)), nil
}

func (p *pipe) write(_ context.Context, bytes []byte) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.buffer = append(p.buffer, bytes...)
	p.change()
	return nil
}

func (*pipe) flush(context.Context) error { return nil }

// end says that nothing more comes; io.EOF is the proper end.
func (p *pipe) end(err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.ended == nil {
		p.ended = err
		p.change()
	}
}

// Read waits for something; it is for the host.
func (p *pipe) Read(to []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for len(p.buffer) == 0 {
		if p.ended != nil {
			return 0, p.ended
		}
		changed := p.changed
		p.mutex.Unlock()
		<-changed
		p.mutex.Lock()
	}
	count := copy(to, p.buffer)
	p.buffer = p.buffer[count:]
	p.change()
	return count, nil
}

// stop says that nobody reads any more.
func (p *pipe) stop() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.refused, p.buffer = io.EOF, nil
	if p.ended == nil {
		p.ended = io.ErrUnexpectedEOF
	}
	p.change()
}
