package host

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// check ends a test.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOpen takes what was linked from a directory and from a zip file.
func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "linked")
	check(t, os.Mkdir(dir, 0o700))
	archive, err := os.Create(dir + ".zip")
	check(t, err)
	writer := zip.NewWriter(archive)
	for name, text := range map[string][]byte{PlanFile: []byte(smallPlan), "0.core.wasm": smallModule} {
		check(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
		file, err := writer.Create(name)
		check(t, err)
		_, err = file.Write(text)
		check(t, err)
	}
	check(t, errors.Join(writer.Close(), archive.Close()))
	for _, path := range []string{dir, dir + ".zip"} {
		component, err := Open(t.Context(), path)
		check(t, err)
		instance := instantiate(t, component)
		if got, err := instance.Call(t.Context(), "add", uint32(40), uint32(2)); got != uint32(42) {
			t.Error(path, got, err)
		}
		check(t, component.Close(t.Context()))
	}
	check(t, os.Truncate(filepath.Join(dir, "0.core.wasm"), 20))
	if _, err = Open(t.Context(), dir); err == nil || !strings.HasPrefix(err.Error(), dir+": 0.core.wasm: ") {
		t.Error(err)
	}
	check(t, os.Remove(filepath.Join(dir, PlanFile)))
	if _, err = Open(t.Context(), dir); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), dir+": ") {
		t.Error(err)
	}
	_, err = Open(t.Context(), filepath.Join(dir, "0.core.wasm"))
	if err == nil || !strings.Contains(err.Error(), "neither a directory") {
		t.Error(err)
	}
}

// TestNothingIsLeft makes and ends instances and components in several orders, after which nothing of them is there.
func TestNothingIsLeft(t *testing.T) {
	files := fstest.MapFS{PlanFile: {Data: []byte(smallPlan)}, "0.core.wasm": {Data: smallModule}}
	work := func() {
		component, err := Load(t.Context(), files)
		check(t, err)
		first, second, third := instantiate(t, component), instantiate(t, component), instantiate(t, component)
		if _, err := first.Call(t.Context(), "fail"); err == nil {
			t.Fatal("it did not trap")
		}
		check(t, second.Close(t.Context()))
		check(t, component.Close(t.Context()))
		check(t, third.Close(t.Context()))
		check(t, first.Close(t.Context()))
	}
	for range 10 {
		work()
	}
	goroutines, before := runtime.NumGoroutine(), heap()
	const rounds = 300
	for range rounds {
		work()
	}
	for wait := 0; runtime.NumGoroutine() > goroutines && wait < 100; wait++ {
		time.Sleep(time.Millisecond)
	}
	if left := runtime.NumGoroutine() - goroutines; left > 0 {
		t.Errorf("%d goroutines are left", left)
	}
	if each := (int64(heap()) - int64(before)) / rounds; each > 1<<10 {
		t.Errorf("%d bytes are left of each component", each)
	}
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
