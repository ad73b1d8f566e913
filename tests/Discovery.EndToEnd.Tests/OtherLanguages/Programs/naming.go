// What gRPC programs in Go do with etcd's own naming package: naming ENDPOINT list|resolve|watch|register TARGET [KEY ADDRESS]
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/naming/endpoints"
	etcdresolver "go.etcd.io/etcd/client/v3/naming/resolver"
	"google.golang.org/grpc/resolver"
)

// printer is what a gRPC channel is to a resolver; it prints the addresses that the channel would connect to.
type printer struct{ resolver.ClientConn }

func (printer) UpdateState(state resolver.State) {
	addresses := []string{}
	for _, address := range state.Addresses {
		addresses = append(addresses, address.Addr)
	}
	sort.Strings(addresses)
	fmt.Printf("resolved [%s]\n", strings.Join(addresses, ","))
}

func main() {
	log.SetOutput(os.Stdout)
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{os.Args[1]}, DialTimeout: 10 * time.Second})
	check(err)
	defer client.Close()
	command, target := os.Args[2], os.Args[3]
	manager, err := endpoints.NewManager(client, target)
	check(err)
	stopped, stop := context.WithCancel(context.Background())
	defer stop()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)

	switch command {
	case "list":
		all, err := manager.List(stopped)
		check(err)
		for key, endpoint := range all {
			fmt.Printf("listed %s %s %v\n", key, endpoint.Addr, endpoint.Metadata)
		}
		return
	case "resolve":
		builder, err := etcdresolver.NewBuilder(client)
		check(err)
		_, err = builder.Build(resolver.Target{Scheme: "etcd", Endpoint: target}, printer{}, resolver.BuildOptions{})
		check(err)
	case "watch":
		updates, err := manager.NewWatchChannel(stopped)
		check(err)
		go func() {
			for batch := range updates {
				for _, update := range batch {
					if update.Op == endpoints.Add {
						fmt.Printf("added %s %s\n", update.Key, update.Endpoint.Addr)
					} else {
						fmt.Printf("deleted %s\n", update.Key)
					}
				}
			}
		}()
	case "register":
		lease, err := client.Grant(stopped, 5)
		check(err)
		alive, err := client.KeepAlive(stopped, lease.ID)
		check(err)
		go func() {
			for range alive {
			}
		}()
		check(manager.AddEndpoint(stopped, os.Args[4], endpoints.Endpoint{Addr: os.Args[5]}, clientv3.WithLease(lease.ID)))
	}

	fmt.Println("ready")
	<-signals
	if command == "register" {
		check(manager.DeleteEndpoint(stopped, os.Args[4]))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
