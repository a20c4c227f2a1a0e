package wasi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// world calls the functions of WASI as a component would.
type world struct {
	*testing.T
	functions values
	// What the user was told.
	told []string
}

func given(t *testing.T, config Config) *world {
	made := &world{T: t}
	if config.Grants == nil {
		config.Grants = &Grants{}
	}
	tell := func(text string) { made.told = append(made.told, text) }
	shared := &guard{Grants: config.Grants, told: &told{tell: tell}}
	b := &binder{Config: config, guard: shared, store: config.Store, blobs: blobsOf(config.Grants)}
	_, made.functions = b.functions()
	return made
}

// call calls a function that does not trap.
func (w *world) call(name string, args ...any) any {
	w.Helper()
	value, err := w.functions[name](w.Context(), args)
	if err != nil {
		w.Fatalf("%s: %v", name, err)
	}
	return value
}

// ok is the value of a function that may fail.
func (w *world) ok(name string, args ...any) any {
	w.Helper()
	result := w.call(name, args...).(host.Case)
	if result.Name != "ok" {
		w.Fatalf("%s%v: %v", name, args, result.Value)
	}
	return result.Value
}

// fails checks the error of a function.
func (w *world) fails(expected any, name string, args ...any) {
	w.Helper()
	result := w.call(name, args...).(host.Case)
	if want := (host.Case{Name: "err", Value: expected}); !reflect.DeepEqual(result, want) {
		w.Errorf("%s%v: %v, not %v", name, args, result, want)
	}
}

// wasTold checks that the user was told of a grant, and of nothing else since the last time.
func (w *world) wasTold(grant string) {
	w.Helper()
	if len(w.told) != 1 || !strings.HasSuffix(w.told[0], ": grant `"+grant+"`") {
		w.Errorf("told %q, not of %s", w.told, grant)
	}
	w.told = nil
}

// until waits for something that a component can wait for.
func (w *world) until(item any) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 10*time.Second)
	defer cancel()
	if err := wait(ctx, &pollable{source: item.(source)}); err != nil {
		w.Fatal(err)
	}
}

func sections(t *testing.T, text map[string]any) *Grants {
	t.Helper()
	grants, err := ReadGrants(text, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return grants
}

type table = map[string]any

// namesVariable names a file with a function of WASI in each line, which witgen's own tests make of its WIT.
const namesVariable = "WITGEN_WASI_NAMES"

func TestNoFunctionIsLacking(t *testing.T) {
	path, set := os.LookupEnv(namesVariable)
	if !set {
		t.Skip(namesVariable + " is not set")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(text))
	often, others := (&binder{guard: &guard{Grants: &Grants{}}}).functions()
	for _, name := range names {
		version, ok := versionOf(name)
		if name := short(name, version); !ok || often[name] == nil && others[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
	if len(names) < 150 {
		t.Errorf("there are %d names alone", len(names))
	}
}

func TestGrantsAreRead(t *testing.T) {
	grants, err := ReadGrants(table{
		"filesystem": table{"/data": table{"host": "data", "access": "read-write"}, "/": table{"host": "/srv"}},
		"env":        table{"allow": []any{"LANG"}, "set": table{"MODE": "test"}},
		"network":    table{"tcp-connect": []any{"[::1]:80", "DB.internal.:*"}, "resolve": []any{"db.internal"}},
		"http":       table{"allow": []any{"https://api.example.org", "http://LOCALHOST:8080/"}},
		"clocks":     table{"wall": true},
		"limits":     table{"memory": "256MiB", "deadline": "1.5s", "handles": 50.0},
		"keyvalue":   table{"store": "file:state.db"},
	}, "/here")
	if err != nil {
		t.Fatal(err)
	}
	if directory := grants.Filesystem["/data"]; directory != (Directory{"/here/data", true}) {
		t.Error(directory)
	}
	if directory := grants.Filesystem["/"]; directory != (Directory{"/srv", false}) {
		t.Error(directory)
	}
	if !grants.Clocks.Wall || grants.Clocks.Monotonic || grants.Limits.Memory != 256<<20 {
		t.Error(grants.Clocks, grants.Limits)
	}
	if grants.Limits.Deadline != 1500*time.Millisecond || grants.Limits.Handles != 50 || grants.Network.TCPConnect[1].name != "db.internal" {
		t.Error(grants.Limits, grants.Network)
	}
	if grants.KeyValue.Store != "file:/here/state.db" {
		t.Error(grants.KeyValue)
	}
	if grants.HTTP.Allow[1] != (Origin{"http", "localhost", "8080"}) {
		t.Error(grants.HTTP)
	}
}

func TestMistakesInGrantsSayWhatToWrite(t *testing.T) {
	for expected, wrong := range map[string]table{
		"there is no `clock`; did you mean `clocks`?":                {"clock": table{}},
		"there is no `env.alow`; did you mean `allow`?":              {"env": table{"alow": []any{}}},
		"`random.allow` is `true` or `false`":                        {"random": table{"allow": 1}},
		"`limits.fuel` is a number":                                  {"limits": table{"fuel": int64(-1)}},
		"`much` is no size":                                          {"limits": table{"memory": "much"}},
		"`filesystem.\"/a\".host` is the path":                       {"filesystem": table{"/a": table{}}},
		"`a/..` is no path":                                          {"filesystem": table{"a/..": table{"host": "x"}}},
		"`localhost` is no address":                                  {"network": table{"udp": []any{"localhost"}}},
		"`::1:80` is no address":                                     {"network": table{"udp": []any{"::1:80"}}},
		"`127.1:80` is no address":                                   {"network": table{"udp": []any{"127.1:80"}}},
		"`https://a/b` is no origin":                                 {"http": table{"allow": []any{"https://a/b"}}},
		"`ftp://a` is no origin":                                     {"http": table{"allow": []any{"ftp://a"}}},
		"`https://u@a` is no origin":                                 {"http": table{"allow": []any{"https://u@a"}}},
		"wrong grants: `clocks` is a table":                          {"clocks": true},
		"`limits.deadline` is a text such as \"5s\"":                 {"limits": table{"deadline": "5 years"}},
		"`filesystem.\"/a\".access` is \"read\" or \"read-write\"":   {"filesystem": table{"/a": table{"host": "x", "access": "all"}}},
		"there is no `filesystem.\"/a\".hots`; did you mean `host`?": {"filesystem": table{"/a": table{"hots": "x"}}},
		"`A=B` is no name of a variable":                             {"env": table{"set": table{"A=B": "x"}}},
		"`redis://a` is no store of Go hosts: there are `memory`":    {"keyvalue": table{"store": "redis://a"}},
		"`file:` is no store":                                        {"keyvalue": table{"store": "file:"}},
		"`blobstore.root` is a text":                                 {"blobstore": table{"root": true}},
	} {
		if _, err := ReadGrants(wrong, "."); err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%v: %v", expected, err)
		}
	}
}

const (
	inDirectory = "filesystem/types#[method]descriptor."
	follow      = "symlink-follow"
)

// directories are a directory to read and one to write, beside a secret.
func directories(t *testing.T) (w *world, read, write any) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(at("fixed/sub"), 0o777))
	must(os.Mkdir(at("open"), 0o777))
	must(os.WriteFile(at("secret"), []byte("secret"), 0o666))
	must(os.WriteFile(at("fixed/a"), []byte("hello"), 0o666))
	must(os.Symlink("../secret", at("fixed/out")))
	must(os.Symlink("../fixed", at("open/fixed")))
	w = given(t, Config{Grants: &Grants{Filesystem: map[string]Directory{
		"/fixed": {Host: at("fixed")}, "/open": {Host: at("open"), Write: true},
	}}})
	opened := w.call("filesystem/preopens#get-directories").([]any)
	t.Cleanup(func() {
		for _, pair := range opened {
			_ = pair.([]any)[0].(*descriptor).Close()
		}
	})
	return w, opened[0].([]any)[0], opened[1].([]any)[0]
}

func TestDirectoriesKeepComponentsInside(t *testing.T) {
	w, read, write := directories(t)
	open := inDirectory + "open-at"
	reading, writing, none := []string{"read"}, []string{"write"}, []string{}
	for _, path := range []string{"../secret", "out", "/etc/passwd", "sub/../../secret", "sub/../../fixed/a"} {
		w.fails("not-permitted", open, read, []string{follow}, path, none, reading)
	}
	w.told = nil
	other, _, link := directories(t)
	other.fails("not-permitted", open, link, []string{follow}, "fixed/a", none, writing)
	other.wasTold("filesystem")
	w.fails("loop", open, read, none, "out", none, reading)
	w.fails("no-entry", open, read, none, "b", none, reading)
	w.fails("not-directory", open, read, none, "a", []string{"directory"}, reading)
	w.fails("not-permitted", inDirectory+"symlink-at", write, "/etc", "link")
	w.fails("not-permitted", inDirectory+"stat-at", read, []string{follow}, "out")
	if stat := w.ok(inDirectory+"stat-at", read, none, "out").(table); stat["type"] != "symbolic-link" {
		t.Error(stat)
	}
}

func TestDirectoriesThatAreReadDoNotChange(t *testing.T) {
	w, read, write := directories(t)
	const grant = `filesystem."/fixed".access = "read-write"`
	open := inDirectory + "open-at"
	none := []string{}
	for _, how := range []string{"create", "exclusive", "truncate"} {
		w.fails("not-permitted", open, read, none, "a", []string{how}, []string{"read"})
	}
	w.wasTold(grant)
	w.fails("not-permitted", open, read, none, "a", none, []string{"write"})
	for name, args := range map[string][]any{
		"create-directory-at": {"new"}, "remove-directory-at": {"sub"}, "unlink-file-at": {"a"},
		"symlink-at": {"a", "new"}, "rename-at": {"a", write, "a"}, "link-at": {none, "a", write, "a"},
		"set-times-at": {none, "a", plain("now"), plain("now")}, "set-times": {plain("now"), plain("now")},
	} {
		w.fails("not-permitted", inDirectory+name, append([]any{read}, args...)...)
	}
	file := w.ok(open, read, none, "a", none, []string{"read"})
	w.fails("not-permitted", inDirectory+"set-size", file, uint64(0))
	w.fails("bad-descriptor", inDirectory+"write", file, []byte("x"), uint64(0))
	w.fails("bad-descriptor", inDirectory+"write-via-stream", file, uint64(0))
	w.fails("bad-descriptor", inDirectory+"append-via-stream", file)
	w.ok(open, write, none, "b", []string{"create"}, []string{"write"})
	w.fails("not-permitted", inDirectory+"rename-at", write, "b", read, "a")
	w.fails("not-permitted", inDirectory+"link-at", write, none, "b", read, "b")
}

func TestFilesAreReadAndWritten(t *testing.T) {
	w, _, write := directories(t)
	none := []string{}
	file := w.ok(inDirectory+"open-at", write, none, "b", []string{"create"}, []string{"read", "write"})
	out := w.ok(inDirectory+"write-via-stream", file, uint64(0)).(output)
	if err := writeAll(t.Context(), out, []byte("hello ")); err != nil {
		t.Fatal(err)
	}
	if err := writeAll(t.Context(), w.ok(inDirectory+"append-via-stream", file).(output), []byte("world")); err != nil {
		t.Fatal(err)
	}
	bytes, err := readSome(t.Context(), w.ok(inDirectory+"read-via-stream", file, uint64(1)).(input), 100)
	if string(bytes) != "ello world" || err != nil {
		t.Fatal(string(bytes), err)
	}
	read := w.ok(inDirectory+"read", file, uint64(5), uint64(6)).([]any)
	if string(read[0].([]byte)) != "world" || read[1] != false {
		t.Error(read)
	}
	w.ok(inDirectory+"set-size", file, uint64(5))
	stat := w.ok(inDirectory+"stat", file).(table)
	if stat["size"] != uint64(5) || stat["type"] != "regular-file" || stat["link-count"] != uint64(1) {
		t.Error(stat)
	}
	moment := table{"seconds": uint64(1000), "nanoseconds": uint32(7)}
	w.ok(inDirectory+"set-times", file, plain("no-change"), host.Case{Name: "timestamp", Value: moment})
	if stat := w.ok(inDirectory+"stat", file).(table); !reflect.DeepEqual(
		stat["data-modification-timestamp"], host.Some{Value: moment},
	) {
		t.Error(stat)
	}
	w.ok(inDirectory+"link-at", write, none, "b", write, "c")
	w.ok(inDirectory+"rename-at", write, "b", write, "d")
	w.ok(inDirectory+"create-directory-at", write, "e")
	w.fails("not-directory", inDirectory+"remove-directory-at", write, "c")
	w.fails("is-directory", inDirectory+"unlink-file-at", write, "e")
	stream := w.ok(inDirectory+"read-directory", write)
	names := map[any]any{}
	for {
		entry, ok := w.ok("filesystem/types#[method]directory-entry-stream.read-directory-entry", stream).(host.Some)
		if !ok {
			break
		}
		names[entry.Value.(table)["name"]] = entry.Value.(table)["type"]
	}
	expected := map[any]any{"c": "regular-file", "d": "regular-file", "e": "directory", "fixed": "symbolic-link"}
	if !reflect.DeepEqual(names, expected) {
		t.Error(names)
	}
	hash := w.ok(inDirectory+"metadata-hash", file)
	if other := w.ok(inDirectory+"metadata-hash-at", write, none, "c"); !reflect.DeepEqual(hash, other) {
		t.Error(hash, other)
	}
}

// loopback is the address of a server that answers everything with its own bytes.
func loopback(t *testing.T) (address host.Case, port string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			bytes := make([]byte, 100)
			count, _ := conn.Read(bytes)
			_, _ = conn.Write(bytes[:count])
			_ = conn.Close()
		}
	}()
	found := listener.Addr().(*net.TCPAddr)
	return addressValue(found.AddrPort(), "ipv4"), fmt.Sprint(found.Port)
}

func TestConnectionsNeedGrants(t *testing.T) {
	const own = "sockets/tcp#[method]tcp-socket."
	address, port := loopback(t)
	w := given(t, Config{Grants: sections(t, table{"network": table{"tcp-connect": []any{"127.0.0.1:" + port}}})})
	socket := w.ok("sockets/tcp-create-socket#create-tcp-socket", "ipv4")
	other := host.Case{Name: "ipv4", Value: table{"port": uint16(1), "address": address.Value.(table)["address"]}}
	w.fails("access-denied", own+"start-connect", socket, network{}, other)
	w.wasTold("network.tcp-connect")
	w.fails("access-denied", own+"start-bind", socket, network{}, address)
	w.wasTold("network.tcp-listen")
	w.ok(own+"start-connect", socket, network{}, address)
	w.until(socket)
	streams := w.ok(own+"finish-connect", socket).([]any)
	if err := writeAll(t.Context(), streams[1].(output), []byte("echo")); err != nil {
		t.Fatal(err)
	}
	bytes, err := readSome(t.Context(), streams[0].(input), 100)
	if string(bytes) != "echo" || err != nil {
		t.Error(string(bytes), err)
	}
	if remote := w.ok(own+"remote-address", socket); !reflect.DeepEqual(remote, address) {
		t.Error(remote)
	}
	for _, item := range []any{socket, streams[0], streams[1]} {
		if err := item.(interface{ Close() error }).Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := socket.(*tcpSocket).conn.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Error("the connection is open:", err)
	}
}

func TestListening(t *testing.T) {
	const own = "sockets/tcp#[method]tcp-socket."
	w := given(t, Config{Grants: sections(t, table{"network": table{"tcp-listen": []any{"127.0.0.1:0"}}})})
	socket := w.ok("sockets/tcp-create-socket#create-tcp-socket", "ipv4")
	any4 := host.Case{Name: "ipv4", Value: table{"port": uint16(0), "address": []any{uint8(0), uint8(0), uint8(0), uint8(0)}}}
	local := host.Case{Name: "ipv4", Value: table{"port": uint16(0), "address": []any{uint8(127), uint8(0), uint8(0), uint8(1)}}}
	w.fails("access-denied", own+"start-bind", socket, network{}, any4)
	w.ok(own+"start-bind", socket, network{}, local)
	w.ok(own+"finish-bind", socket)
	w.ok(own+"start-listen", socket)
	w.ok(own+"finish-listen", socket)
	w.fails("would-block", own+"accept", socket)
	port := w.ok(own+"local-address", socket).(host.Case).Value.(table)["port"]
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = conn.Write([]byte("hi"))
	w.until(socket)
	accepted := w.ok(own+"accept", socket).([]any)
	bytes, err := readSome(t.Context(), accepted[1].(input), 100)
	if string(bytes) != "hi" || err != nil {
		t.Error(string(bytes), err)
	}
	_ = conn.Close()
	_ = socket.(*tcpSocket).Close()
}

func TestDatagrams(t *testing.T) {
	const own = "sockets/udp#[method]udp-socket."
	peer, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	to := peer.LocalAddr().(*net.UDPAddr).AddrPort()
	w := given(t, Config{Grants: sections(t, table{"network": table{"udp": []any{to.String(), "127.0.0.1:0"}}})})
	socket := w.ok("sockets/udp-create-socket#create-udp-socket", "ipv4")
	local := host.Case{Name: "ipv4", Value: table{"port": uint16(0), "address": []any{uint8(127), uint8(0), uint8(0), uint8(1)}}}
	w.ok(own+"start-bind", socket, network{}, local)
	w.ok(own+"finish-bind", socket)
	streams := w.ok(own+"stream", socket, nil).([]any)
	sent := table{"data": []byte("hello"), "remote-address": host.Some{Value: addressValue(to, "ipv4")}}
	if count := w.ok("sockets/udp#[method]outgoing-datagram-stream.send", streams[1], []any{sent}); count != uint64(1) {
		t.Error(count)
	}
	bytes := make([]byte, 10)
	count, from, err := peer.ReadFromUDPAddrPort(bytes)
	if string(bytes[:count]) != "hello" || err != nil {
		t.Fatal(string(bytes), err)
	}
	_, _ = peer.WriteToUDPAddrPort([]byte("back"), from)
	w.until(streams[0])
	received := w.ok("sockets/udp#[method]incoming-datagram-stream.receive", streams[0], uint64(10)).([]any)
	if len(received) != 1 || string(received[0].(table)["data"].([]byte)) != "back" {
		t.Error(received)
	}
	sent["remote-address"] = host.Some{Value: host.Case{Name: "ipv4", Value: table{
		"port": uint16(9), "address": []any{uint8(127), uint8(0), uint8(0), uint8(2)},
	}}}
	w.fails("access-denied", "sockets/udp#[method]outgoing-datagram-stream.send", streams[1], []any{sent})
	w.wasTold("network.udp")
	_ = socket.(*udpSocket).Close()
}

func TestNamesLeadWhereTheyLed(t *testing.T) {
	const next = "sockets/ip-name-lookup#[method]resolve-address-stream.resolve-next-address"
	w := given(t, Config{Grants: sections(t, table{
		"network": table{"resolve": []any{"localhost"}, "tcp-connect": []any{"localhost:*"}},
	})})
	w.fails("access-denied", "sockets/ip-name-lookup#resolve-addresses", network{}, "example.org")
	w.wasTold("network.resolve")
	socket := w.ok("sockets/tcp-create-socket#create-tcp-socket", "ipv4")
	address, _ := loopback(t)
	w.fails("access-denied", "sockets/tcp#[method]tcp-socket.start-connect", socket, network{}, address)
	stream := w.ok("sockets/ip-name-lookup#resolve-addresses", network{}, "LocalHost.")
	w.until(stream)
	for w.ok(next, stream) != nil {
	}
	w.ok("sockets/tcp#[method]tcp-socket.start-connect", socket, network{}, address)
	_ = socket.(*tcpSocket).Close()
}

func TestPredictableNumbersRepeat(t *testing.T) {
	var first, second [20]byte
	new(predictable).read(first[:])
	new(predictable).read(second[:])
	if first != second || first == [20]byte{} {
		t.Error(first, second)
	}
}

func TestFields(t *testing.T) {
	const own = "http/types#[method]fields."
	w := given(t, Config{})
	fields := w.call("http/types#[constructor]fields")
	w.ok(own+"append", fields, "X-One", []byte("1"))
	w.ok(own+"append", fields, "x-one", []byte("2"))
	if values := w.call(own+"get", fields, "X-ONE"); !reflect.DeepEqual(values, []any{[]byte("1"), []byte("2")}) {
		t.Error(values)
	}
	w.fails(plain("forbidden"), own+"append", fields, "Transfer-Encoding", []byte("chunked"))
	w.fails(plain("invalid-syntax"), own+"append", fields, "a b", []byte("1"))
	w.fails(plain("invalid-syntax"), own+"set", fields, "x-one", []any{[]byte("a\r\nb: c")})
	w.ok(own+"set", fields, "x-one", []any{[]byte("3")})
	if entries := w.call(own+"entries", fields); !reflect.DeepEqual(entries, []any{[]any{"x-one", []byte("3")}}) {
		t.Error(entries)
	}
	request := w.call("http/types#[constructor]outgoing-request", fields)
	w.fails(plain("immutable"), own+"delete", w.call("http/types#[method]outgoing-request.headers", request), "x-one")
	long := make([]byte, mostFields)
	for i := range long {
		long[i] = 'x'
	}
	if _, err := w.functions[own+"append"](t.Context(), []any{fields, "long", long}); err == nil {
		t.Error("there is no limit")
	}
}

func TestRequestsNeedGrants(t *testing.T) {
	const out = "http/types#[method]outgoing-request."
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/away" {
			http.Redirect(writer, request, "http://example.org/", http.StatusFound)
			return
		}
		body, _ := io.ReadAll(request.Body)
		fmt.Fprintf(writer, "%s %s %s %s", request.Method, request.URL.RequestURI(), request.Header.Get("X"), body)
	}))
	defer server.Close()
	w := given(t, Config{Grants: sections(t, table{"http": table{"allow": []any{server.URL}}})})
	authority := strings.TrimPrefix(server.URL, "http://")
	request := func(authority, path string) any {
		fields := w.call("http/types#[constructor]fields")
		w.ok("http/types#[method]fields.append", fields, "x", []byte("header"))
		made := w.call("http/types#[constructor]outgoing-request", fields)
		w.call(out+"set-scheme", made, host.Some{Value: plain("HTTP")})
		w.call(out+"set-authority", made, host.Some{Value: authority})
		w.call(out+"set-path-with-query", made, host.Some{Value: path})
		return made
	}
	w.fails(plain("HTTP-request-denied"), "http/outgoing-handler#handle", request("example.org", "/"), nil)
	w.wasTold("http.allow")
	w.told = nil
	w.fails(plain("HTTP-request-denied"), "http/outgoing-handler#handle", request(authority+"@example.org", "/"), nil)
	w.fails(plain("HTTP-request-URI-invalid"), "http/outgoing-handler#handle", request("user@"+authority, "/"), nil)
	if result := w.call(out+"set-authority", request(authority, "/"), host.Some{Value: authority + "/path"}); result != plain("err") {
		t.Error("an authority with a path was taken")
	}
	send := func(made any) *incomingResponse {
		future := w.ok("http/outgoing-handler#handle", made, nil)
		w.until(future)
		taken := w.call("http/types#[method]future-incoming-response.get", future).(host.Some)
		if again := w.call("http/types#[method]future-incoming-response.get", future); again != any(host.Some{Value: plain("err")}) {
			t.Error("it was taken twice")
		}
		return taken.Value.(host.Case).Value.(host.Case).Value.(*incomingResponse)
	}
	posting := request(authority, "/path?query")
	w.call(out+"set-method", posting, plain("post"))
	body := w.call(out+"body", posting).(host.Case).Value
	stream := w.call("http/types#[method]outgoing-body.write", body).(host.Case).Value
	if err := writeAll(t.Context(), stream.(output), []byte("body")); err != nil {
		t.Fatal(err)
	}
	w.ok("http/types#[static]outgoing-body.finish", body, nil)
	response := send(posting)
	incoming := w.call("http/types#[method]incoming-response.consume", response).(host.Case).Value
	reading := w.call("http/types#[method]incoming-body.stream", incoming).(host.Case).Value.(input)
	text, err := readSome(t.Context(), reading, 100)
	if string(text) != "POST /path?query header body" || err != nil {
		t.Error(string(text), err)
	}
	if away := send(request(authority, "/away")); away.StatusCode != http.StatusFound {
		t.Error("a redirect was followed:", away.StatusCode)
	}
}
