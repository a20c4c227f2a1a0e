package wasi

import (
	"reflect"
	"strings"
	"testing"

	"github.com/witgen/witgen/runtime-support/go/host"
)

func TestStoreInAFileNeedsADriver(t *testing.T) {
	store := storeOf(Config{Grants: &Grants{KeyValue: KeyValue{Store: "file:state.db"}}}).(*sqliteStore)
	if _, err := store.use(); err == nil || !strings.Contains(err.Error(), "`import _ \"modernc.org/sqlite\"`") {
		t.Error(err)
	}
}

func TestKeysAndValues(t *testing.T) {
	const own = "keyvalue/store#[method]bucket."
	denied := given(t, Config{})
	denied.fails(plain("access-denied"), "keyvalue/store#open", "b")
	denied.wasTold("keyvalue.store")
	w := given(t, Config{Store: &MemoryStore{}, Values: map[string]string{"mode": "test"}})
	bucket := w.ok("keyvalue/store#open", "b")
	w.ok(own+"set", bucket, "k", []byte("v"))
	if value := w.ok(own+"get", w.ok("keyvalue/store#open", "b"), "k"); !reflect.DeepEqual(value, host.Some{Value: []byte("v")}) {
		t.Error(value)
	}
	if w.ok(own+"exists", bucket, "k") != true || w.ok(own+"get", bucket, "x") != nil {
		t.Error("keys are mixed up")
	}
	for range 2 {
		w.ok("keyvalue/atomics#increment", bucket, "n", uint64(20))
	}
	if sum := w.ok("keyvalue/atomics#increment", bucket, "n", uint64(2)); sum != uint64(42) {
		t.Error(sum)
	}
	if keys := w.ok(own+"list-keys", bucket, nil).(table)["keys"]; !reflect.DeepEqual(keys, []any{"k", "n"}) {
		t.Error(keys)
	}
	w.ok("keyvalue/batch#delete-many", bucket, []any{"k", "n"})
	if w.ok(own+"exists", bucket, "k") != false {
		t.Error("it is there still")
	}
	if value := w.ok("config/store#get", "mode"); !reflect.DeepEqual(value, host.Some{Value: "test"}) {
		t.Error(value)
	}
	granted := given(t, Config{Grants: sections(t, table{"config": table{"set": table{"mode": "granted"}}})})
	if value := granted.ok("config/store#get", "mode"); !reflect.DeepEqual(value, host.Some{Value: "granted"}) {
		t.Error(value)
	}
	granted.call("logging/logging#log", "info", "", "lost")
	granted.wasTold("logging.allow")
	if w.ok("config/store#get", "other") != nil {
		t.Error("there is no such value")
	}
}
