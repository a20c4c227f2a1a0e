// Command stores uses stores, configuration, the log and datagrams.
package main

import (
	"errors"
	"strconv"
	"strings"

	"testees/stores/bindings"
	config "testees/stores/bindings/wasi/config/store"
	"testees/stores/bindings/wasi/keyvalue/atomics"
	"testees/stores/bindings/wasi/keyvalue/batch"
	"testees/stores/bindings/wasi/keyvalue/store"
	"testees/stores/bindings/wasi/logging/logging"
	"testees/stores/bindings/wasi/sockets/instancenetwork"
	"testees/stores/bindings/wasi/sockets/network"
	"testees/stores/bindings/wasi/sockets/udp"
	"testees/stores/bindings/wasi/sockets/udpcreatesocket"
	"testees/stores/bindings/wit"
)

func init() {
	bindings.Export(stores{})
}

func main() {}

type stores struct{}

func (stores) Act(words []string) (string, error) {
	found, err := act(words[0], words[1:])
	if err != nil {
		return "", &wit.Error[string]{Payload: named(err)}
	}
	return found, nil
}

func act(verb string, words []string) (string, error) {
	switch verb {
	case "keep":
		return keep(words[0], words[1], words[2])
	case "count":
		return count(words[0], words[1], words[2:])
	case "many":
		return many(words[0], words[1:])
	case "config":
		value, err := config.Get(words[0])
		if value == nil {
			return "", err
		}
		return *value, err
	case "log":
		logging.Log(logging.LevelWarn, "testee", words[0])
		return "done", nil
	case "datagram":
		return datagram(words[0])
	}
	return "", errors.New("no such verb")
}

func named(err error) string {
	var failed *wit.Error[store.Error]
	if errors.As(err, &failed) {
		if _, denied := failed.Payload.(store.ErrorAccessDenied); denied {
			return "access-denied"
		}
	}
	return err.Error()
}

func keep(name, key, value string) (string, error) {
	bucket, err := store.Open(name)
	if err != nil {
		return "", err
	}
	defer bucket.Close()
	if err := bucket.Set(key, []byte(value)); err != nil {
		return "", err
	}
	found, err := bucket.Get(key)
	if err != nil || found == nil {
		return "", err
	}
	before, err := bucket.Exists(key)
	if err != nil {
		return "", err
	}
	listed, err := bucket.ListKeys(nil)
	if err != nil {
		return "", err
	}
	if err := bucket.Delete(key); err != nil {
		return "", err
	}
	after, err := bucket.Exists(key)
	parts := []string{string(*found), strconv.FormatBool(before), strconv.FormatBool(after), strings.Join(listed.Keys, " ")}
	return strings.Join(parts, ", "), err
}

func count(name, key string, deltas []string) (string, error) {
	bucket, err := store.Open(name)
	if err != nil {
		return "", err
	}
	defer bucket.Close()
	var sum uint64
	for _, text := range deltas {
		delta, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return "", err
		}
		if sum, err = atomics.Increment(bucket, key, delta); err != nil {
			return "", err
		}
	}
	return strconv.FormatUint(sum, 10), nil
}

func many(name string, keys []string) (string, error) {
	bucket, err := store.Open(name)
	if err != nil {
		return "", err
	}
	defer bucket.Close()
	var entries []wit.Tuple2[string, []byte]
	for _, key := range keys {
		entries = append(entries, wit.Tuple2[string, []byte]{F0: key, F1: []byte(key)})
	}
	if err := batch.SetMany(bucket, entries); err != nil {
		return "", err
	}
	found, err := there(bucket, keys)
	if err != nil {
		return "", err
	}
	if err := batch.DeleteMany(bucket, keys); err != nil {
		return "", err
	}
	left, err := there(bucket, keys)
	return strconv.Itoa(found) + " " + strconv.Itoa(left), err
}

func there(bucket *store.Bucket, keys []string) (int, error) {
	entries, err := batch.GetMany(bucket, keys)
	count := 0
	for _, entry := range entries {
		if entry != nil {
			count++
		}
	}
	return count, err
}

func datagram(text string) (string, error) {
	net := instancenetwork.InstanceNetwork()
	defer net.Close()
	receiver, err := bound(net)
	if err != nil {
		return "", err
	}
	defer receiver.Close()
	sender, err := bound(net)
	if err != nil {
		return "", err
	}
	defer sender.Close()
	address, err := receiver.LocalAddress()
	if err != nil {
		return "", err
	}
	from, err := receiver.Stream(nil)
	if err != nil {
		return "", err
	}
	defer from.F0.Close()
	defer from.F1.Close()
	to, err := sender.Stream(nil)
	if err != nil {
		return "", err
	}
	defer to.F0.Close()
	defer to.F1.Close()
	if _, err := to.F1.CheckSend(); err != nil {
		return "", err
	}
	if _, err := to.F1.Send([]udp.OutgoingDatagram{{Data: []byte(text), RemoteAddress: &address}}); err != nil {
		return "", err
	}
	ready := from.F0.Subscribe()
	defer ready.Close()
	ready.Block()
	found, err := from.F0.Receive(1)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return string(found[0].Data), nil
}

func bound(net *network.Network) (*udp.UdpSocket, error) {
	socket, err := udpcreatesocket.CreateUdpSocket(network.IpAddressFamilyIpv4)
	if err != nil {
		return nil, err
	}
	address := network.Ipv4SocketAddress{Address: network.Ipv4Address{F0: 127, F3: 1}}
	if err := socket.StartBind(net, network.IpSocketAddressIpv4{Value: address}); err != nil {
		return nil, err
	}
	ready := socket.Subscribe()
	defer ready.Close()
	ready.Block()
	return socket, socket.FinishBind()
}
