package wasi

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Address is a host and a port that are granted: `127.0.0.1:6379`, `[::1]:80`, `db.internal:*`.
type Address struct {
	// One of them is there.
	ip   netip.Addr
	name string

	port    uint16
	anyPort bool
}

// ParseAddress reads `host:port`, where the port may be `*`.
func ParseAddress(text string) (Address, error) {
	wrong := fmt.Errorf(
		"`%s` is no address: write `host:port`, such as `127.0.0.1:6379`, `[::1]:80` or `db:*`", text,
	)
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return Address{}, wrong
	}
	host, port := text[:at], text[at+1:]
	found := Address{anyPort: port == "*"}
	if !found.anyPort {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return Address{}, wrong
		}
		found.port = uint16(number)
	}
	inner, bracketed := strings.CutPrefix(host, "[")
	if bracketed {
		host, bracketed = strings.CutSuffix(inner, "]")
		if !bracketed {
			return Address{}, wrong
		}
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && ip.Zone() == "" && ip.Is4() != bracketed:
		found.ip = ip.Unmap()
	case bracketed:
		return Address{}, wrong
	default:
		if found.name = hostName(host); found.name == "" {
			return Address{}, wrong
		}
	}
	return found, nil
}

// hostName is the name in lower case, without the dot of the root; nothing when it is no name.
func hostName(text string) string {
	const longestName, longestLabel = 253, 63
	name := strings.TrimSuffix(text, ".")
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || len(label) > longestLabel || strings.ContainsFunc(label, notOfNames) {
			return ""
		}
	}
	// A name that ends in a number is an IPv4 address in disguise (RFC 3986, 3.2.2).
	numeric := !strings.ContainsFunc(labels[len(labels)-1], func(c rune) bool { return c < '0' || c > '9' })
	if len(name) > longestName || numeric {
		return ""
	}
	return strings.ToLower(name)
}

func notOfNames(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
}

// Origin is where requests may go: `https://api.example.org`, `http://localhost:8080`.
type Origin struct {
	scheme, host, port string
}

// ParseOrigin reads `scheme://host` or `scheme://host:port`.
func ParseOrigin(text string) (Origin, error) {
	wrong := func(why string) (Origin, error) {
		return Origin{}, fmt.Errorf("`%s` is no origin such as `https://api.example.org`: %s", text, why)
	}
	read, err := url.Parse(text)
	switch {
	case err != nil:
		return wrong("it is no URL")
	case read.Scheme != "http" && read.Scheme != "https":
		return wrong("the scheme is `http` or `https`")
	case read.User != nil:
		return wrong("an origin has no user")
	case strings.Trim(read.Path, "/") != "" || read.RawQuery != "" || read.Fragment != "":
		return wrong("an origin has no path")
	}
	found := originOf(read)
	if ip, err := netip.ParseAddr(found.host); err != nil && hostName(found.host) == "" || ip.Zone() != "" {
		return wrong("the host is no name")
	}
	return found, nil
}

// originOf is the origin of a URL, with the port that the scheme means.
func originOf(from *url.URL) Origin {
	port := from.Port()
	switch {
	case port != "":
	case from.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return Origin{from.Scheme, strings.TrimSuffix(strings.ToLower(from.Hostname()), "."), port}
}
