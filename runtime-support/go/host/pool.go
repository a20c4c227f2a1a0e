package host

import (
	"context"
	"errors"
	"sync"
)

// Pool keeps instances of a component for calls side by side: those of bindings, or [Dynamic] ones.
//
//	pool := host.NewPool(8, func(ctx context.Context) (*bindings.Instance, error) {
//		return bindings.New(ctx, component)
//	})
//	err := pool.Do(ctx, func(ctx context.Context, app *bindings.Instance) error {
//		return app.Run(ctx)
//	})
type Pool[T interface {
	Close(ctx context.Context) error
}] struct {
	open func(ctx context.Context) (T, error)
	// One for each instance that may be in use.
	turns chan struct{}

	mutex  sync.Mutex
	idle   []T
	closed bool
}

// NewPool makes a pool of at most so many instances, which open makes when there is need of them.
func NewPool[T interface {
	Close(ctx context.Context) error
}](
	most int, open func(ctx context.Context) (T, error),
) *Pool[T] {
	return &Pool[T]{open: open, turns: make(chan struct{}, max(1, most))}
}

// Do gives work an instance that nobody else uses meanwhile; it waits for one until the context ends.
//
// An instance is used again afterwards, unless the error of work is a [Trap] or work panics: then another one takes
// its place.
func (p *Pool[T]) Do(ctx context.Context, work func(ctx context.Context, instance T) error) (err error) {
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	instance, err := p.take(ctx)
	if err != nil {
		return err
	}
	usable := false
	defer func() {
		if !usable || !p.put(instance) {
			err = errors.Join(err, instance.Close(context.WithoutCancel(ctx)))
		}
	}()
	err = work(ctx, instance)
	var trapped *Trap
	usable = !errors.As(err, &trapped)
	return err
}

// take takes an instance that is idle, or makes one.
func (p *Pool[T]) take(ctx context.Context) (T, error) {
	var none T
	p.mutex.Lock()
	if p.closed {
		p.mutex.Unlock()
		return none, ErrClosed
	}
	if last := len(p.idle) - 1; last >= 0 {
		instance := p.idle[last]
		p.idle[last] = none
		p.idle = p.idle[:last]
		p.mutex.Unlock()
		return instance, nil
	}
	p.mutex.Unlock()
	return p.open(ctx)
}

// put gives an instance back, unless the pool was closed.
func (p *Pool[T]) put(instance T) bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !p.closed {
		p.idle = append(p.idle, instance)
	}
	return !p.closed
}

// Close ends the instances: those that are idle now, and others after their work.
func (p *Pool[T]) Close(ctx context.Context) error {
	p.mutex.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mutex.Unlock()
	var failed error
	for _, instance := range idle {
		failed = errors.Join(failed, instance.Close(ctx))
	}
	return failed
}
