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
			if !b.Logging.Allow {
				b.denied("write to its log", "logging.allow")
				return nil, nil
			}
			logger = slog.Default()
		}
		logger.Log(ctx, levels[args[0].(string)], args[2].(string), "context", args[1].(string))
		return nil, nil
	}
	settings := maps.Clone(b.Settings.Set)
	if settings == nil {
		settings = map[string]string{}
	}
	maps.Copy(settings, b.Values)
	for _, name := range []string{"config/store#", "config/runtime#"} {
		to[name+"get"] = attempt(func(_ context.Context, args []any) (any, error) {
			value, known := settings[args[0].(string)]
			if !known {
				return nil, nil
			}
			return host.Some{Value: value}, nil
		})
		to[name+"get-all"] = attempt(func(context.Context, []any) (any, error) {
			all := []any{}
			for _, key := range slices.Sorted(maps.Keys(settings)) {
				all = append(all, []any{key, settings[key]})
			}
			return all, nil
		})
	}
}
