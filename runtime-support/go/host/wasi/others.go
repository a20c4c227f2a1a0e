package wasi

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// levels are those of `wasi:logging`.
var levels = map[string]slog.Level{
	"trace": slog.LevelDebug - 4, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn,
	"error": slog.LevelError, "critical": slog.LevelError + 4,
}

// others has logging and configuration, which is all there is of their packages.
func (b *binder) others(to values) {
	to["logging/logging#log"] = func(ctx context.Context, args []any) (any, error) {
		logger := b.Logger
		if logger == nil {
			if !b.Stdio.Stderr {
				b.denied("write to its log", "stdio.stderr")
				return nil, nil
			}
			logger = slog.Default()
		}
		logger.Log(ctx, levels[args[0].(string)], args[2].(string), "context", args[1].(string))
		return nil, nil
	}
	for _, name := range []string{"config/store#", "config/runtime#"} {
		to[name+"get"] = attempt(func(_ context.Context, args []any) (any, error) {
			value, known := b.Values[args[0].(string)]
			if !known {
				return nil, nil
			}
			return host.Some{Value: value}, nil
		})
		to[name+"get-all"] = attempt(func(context.Context, []any) (any, error) {
			all := []any{}
			for _, key := range slices.Sorted(maps.Keys(b.Values)) {
				all = append(all, []any{key, b.Values[key]})
			}
			return all, nil
		})
	}
}
