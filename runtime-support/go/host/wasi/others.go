package wasi

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// levels are those of `wasi:logging`.
var levels = map[string]slog.Level{
	"trace": slog.LevelDebug - 4, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn,
	"error": slog.LevelError, "critical": slog.LevelError + 4,
}

// logLine is one line, whatever the message holds: a component must not make lines that look like another's.
func logLine(level, origin, message string) string {
	plain := func(text string) string {
		quoted := strconv.Quote(text)
		return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	}
	if origin != "" {
		origin += ": "
	}
	return "[" + level + "] " + plain(origin) + plain(message) + "\n"
}

// others has logging and configuration, which is all there is of their packages.
func (b *binder) others(to values) {
	to["logging/logging#log"] = func(ctx context.Context, args []any) (any, error) {
		level, origin, message := args[0].(string), args[1].(string), args[2].(string)
		switch {
		case b.Logger != nil:
			b.Logger.Log(ctx, levels[level], message, "context", origin)
		case b.Logging.Allow:
			// There is nobody to tell when the standard error is gone.
			_, _ = io.WriteString(os.Stderr, logLine(level, origin, message))
		default:
			b.denied("write to its log", "logging.allow")
		}
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
