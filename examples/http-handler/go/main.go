// Command http-server serves components that answer HTTP requests, each below the name of its directory.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"http-server/bindings/host"
	"http-server/bindings/host/wasi"
)

// How many requests each component serves side by side.
const sideBySide = 4

func main() {
	address := flag.String("addr", "127.0.0.1:8080", "where to listen")
	origin := flag.String("allow", "", "the origin that components may send requests to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *address, *origin, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, address, origin string, paths []string) (err error) {
	config, err := granted(origin)
	if err != nil {
		return err
	}
	routes := http.NewServeMux()
	for _, path := range paths {
		component, err := load(ctx, path)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, component.Close(context.Background())) }()
		prefix := "/" + filepath.Base(path)
		routes.Handle(prefix+"/", http.StripPrefix(prefix, wasi.NewHandler(component, config, sideBySide)))
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("http://" + listener.Addr().String())
	server := &http.Server{Handler: routes, ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopped <- server.Shutdown(context.Background())
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// granted is what components may do: what their languages need to start, and requests to one origin.
func granted(origin string) (wasi.Config, error) {
	grants := &wasi.Grants{
		Clocks: wasi.Clocks{Monotonic: true, Wall: true},
		Random: wasi.Random{Allow: true},
		Limits: wasi.Limits{Memory: 256 << 20, Deadline: 10 * time.Second},
	}
	if origin != "" {
		allowed, err := wasi.ParseOrigin(origin)
		if err != nil {
			return wasi.Config{}, err
		}
		grants.HTTP.Allow = append(grants.HTTP.Allow, allowed)
	}
	return wasi.Config{Grants: grants, Stderr: os.Stderr}, nil
}

// load loads a component from the directory that `witgen link --single-memory --interruptible` made of it.
func load(ctx context.Context, path string) (*host.Component, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return host.Open(ctx, path, host.WithCacheDir(filepath.Join(cache, "witgen", "wazero")))
}
