package wasi

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestEveryNameHasAFileOfItsOwn(t *testing.T) {
	names := []string{
		"", "%", "%25", ".", "..", ".hidden", "a/b", "a%2Fb", "../../etc", "naïve 🦀", "a.txt", "A.TXT",
	}
	seen := map[string]bool{}
	for _, name := range names {
		file, err := fileName(name)
		if err != nil || strings.ContainsAny(file, "/\x00") || strings.HasPrefix(file, ".") || file == "" || seen[file] {
			t.Errorf("%q: %q, %v", name, file, err)
		}
		seen[file] = true
		if again, ok := nameOf(file); again != name || !ok {
			t.Errorf("%q became %q", name, again)
		}
	}
	if _, err := fileName(strings.Repeat("ä", 50)); !errors.Is(err, errLongName) {
		t.Error(err)
	}
	for _, foreign := range []string{".incoming-x", "a%2fb", "a b", "%4"} {
		if name, ok := nameOf(foreign); ok {
			t.Errorf("%q is %q", foreign, name)
		}
	}
}

func TestBlobs(t *testing.T) {
	const own, kept, values = "blobstore/blobstore#", "blobstore/container#[method]container.", "blobstore/types#"
	dir := t.TempDir()
	w := given(t, Config{Grants: sections(t, table{"blobstore": table{"root": dir}})})
	photos := w.ok(own+"create-container", "photos")
	w.fails("there is a container `photos` already", own+"create-container", "photos")
	w.fails("there is no container `others`", own+"get-container", "others")
	put := func(name, text string) {
		t.Helper()
		value := w.call(values + "[static]outgoing-value.new-outgoing-value")
		stream := w.ok(values+"[method]outgoing-value.outgoing-value-write-body", value).(output)
		w.ok(kept+"write-data", photos, name, value)
		if err := writeAll(t.Context(), stream, []byte(text)); err != nil {
			t.Error(err)
		}
		w.ok(values+"[static]outgoing-value.finish", value)
		if err := writeAll(t.Context(), stream, []byte("late")); err == nil {
			t.Error("it takes bytes after its end")
		}
	}
	put("../a", "old")
	put("../a", "hello")
	get := func(start, end uint64) string {
		t.Helper()
		value := w.ok(kept+"get-data", photos, "../a", start, end)
		size := w.call(values+"[method]incoming-value.size", value)
		bytes := w.ok(values+"[static]incoming-value.incoming-value-consume-sync", value).([]byte)
		if size != uint64(len(bytes)) {
			t.Errorf("%v bytes, not %v", len(bytes), size)
		}
		return string(bytes)
	}
	for text, part := range map[string][2]uint64{"hello": {0, 1 << 63}, "ell": {1, 3}, "": {9, 12}, "o": {4, 4}} {
		if got := get(part[0], part[1]); got != text {
			t.Errorf("%v: %q", part, got)
		}
	}
	w.fails("the range from 2 to 1 is empty", kept+"get-data", photos, "../a", uint64(2), uint64(1))
	w.fails("there is no object `b` in `photos`", kept+"get-data", photos, "b", uint64(0), uint64(1))
	from, to := table{"container": "photos", "object": "../a"}, table{"container": "photos", "object": "b"}
	w.ok(own+"move-object", from, to)
	w.ok(own+"copy-object", to, to)
	names := w.ok(kept+"list-objects", photos)
	all := w.ok("blobstore/container#[method]stream-object-names.read-stream-object-names", names, uint64(9))
	if !reflect.DeepEqual(all, []any{[]any{"b"}, true}) {
		t.Error(all)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Error("something is left", entries, err)
	}
	outside := filepath.Join(t.TempDir(), "secret")
	if err := errors.Join(os.WriteFile(outside, nil, 0o600), os.Symlink(outside, filepath.Join(dir, "photos", "link"))); err != nil {
		t.Fatal(err)
	}
	if w.ok(kept+"has-object", photos, "link") != false {
		t.Error("a link is an object")
	}
	w.fails("there is no object `link` in `photos`", kept+"get-data", photos, "link", uint64(0), uint64(1))
	w.ok(own+"delete-container", "photos")
	w.fails("there is no container `photos`", kept+"info", photos)

	bare := given(t, Config{Grants: &Grants{}})
	bare.fails("access denied", own+"get-container", "photos")
	bare.wasTold("blobstore.root")
}

func TestLogLines(t *testing.T) {
	if line := logLine("warn", "app", "one\n[error] \"two\" \\"); line != "[warn] app: one\\n[error] \"two\" \\\\\n" {
		t.Errorf("%q", line)
	}
	if line := logLine("info", "", "naïve"); line != "[info] naïve\n" {
		t.Errorf("%q", line)
	}
}
