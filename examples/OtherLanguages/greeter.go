// A service in Go that finds, and is found by, apps in .NET through etcd, in the layout that kratos uses.
//
//	greeter [ETCD] [LISTEN]
//	GET /whoami          which copy answers
//	GET /call/{service}  what an instance of that service says to /whoami
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/etcd/client/v3"
)

const (
	service  = "greeter"
	prefix   = "/microservices"
	ttl      = 15              // seconds
	patience = 3 * time.Second // with etcd
)

// instance is kratos's registry.ServiceInstance.
type instance struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Version   string            `json:"version"`
	Metadata  map[string]string `json:"metadata"`
	Endpoints []string          `json:"endpoints"`
}

func main() {
	etcd, listen := "127.0.0.1:2379", "127.0.0.1:0"
	if len(os.Args) > 1 {
		etcd = os.Args[1]
	}
	if len(os.Args) > 2 {
		listen = os.Args[2]
	}

	client, err := clientv3.New(clientv3.Config{Endpoints: []string{etcd}, DialTimeout: 5 * time.Second})
	check(err)
	listener, err := net.Listen("tcp", listen)
	check(err)
	self := instance{
		ID:        fmt.Sprintf("%s-%d", service, os.Getpid()),
		Name:      service,
		Version:   "v1",
		Metadata:  map[string]string{"weight": "100"},
		Endpoints: []string{"http://" + listener.Addr().String()},
	}

	http.HandleFunc("/whoami", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]interface{}{"service": self.Name, "id": self.ID, "pid": os.Getpid()})
	})
	http.HandleFunc("/call/", func(w http.ResponseWriter, r *http.Request) {
		call(r.Context(), client, strings.TrimPrefix(r.URL.Path, "/call/"), w)
	})
	go http.Serve(listener, nil)
	log.Printf("listening on http://%s", listener.Addr())

	// In the registry from when it answers until it is told to stop.
	running, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	for running.Err() == nil {
		if err := register(running, client, self); err != nil && running.Err() == nil {
			log.Printf("not registered: %v", err)
			time.Sleep(time.Second)
		}
	}
}

// register keeps the instance in the registry until it is told to stop, or the registry has forgotten it.
func register(running context.Context, client *clientv3.Client, self instance) error {
	entering, cancel := context.WithTimeout(running, patience)
	defer cancel()
	lease, err := client.Grant(entering, ttl)
	if err != nil {
		return err
	}
	defer leave(client, lease.ID)

	value, err := json.Marshal(self)
	if err != nil {
		return err
	}
	if _, err := client.Put(entering, fmt.Sprintf("%s/%s/%s", prefix, self.Name, self.ID), string(value), clientv3.WithLease(lease.ID)); err != nil {
		return err
	}
	alive, err := client.KeepAlive(running, lease.ID)
	if err != nil {
		return err
	}
	log.Printf("registered as %s", self.ID)
	for range alive {
	}
	return nil
}

// leave revokes the lease, and with it the key.
func leave(client *clientv3.Client, lease clientv3.LeaseID) {
	leaving, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := client.Revoke(leaving, lease); err != nil {
		log.Printf("etcd forgets this copy after %d s: %v", ttl, err)
		return
	}
	log.Print("left the registry")
}

// call asks one of the instances of a service that serve HTTP.
func call(ctx context.Context, client *clientv3.Client, name string, w http.ResponseWriter) {
	asking, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	list, err := client.Get(asking, fmt.Sprintf("%s/%s/", prefix, name), clientv3.WithPrefix())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	urls := []string{}
	for _, entry := range list.Kvs {
		var found instance
		if json.Unmarshal(entry.Value, &found) != nil {
			continue // somebody else's value is no reason to find nobody
		}
		for _, endpoint := range found.Endpoints {
			if strings.HasPrefix(endpoint, "http://") {
				urls = append(urls, endpoint)
				break
			}
		}
	}
	if len(urls) == 0 {
		http.Error(w, "no instance of "+name, http.StatusServiceUnavailable)
		return
	}

	answer, err := http.Get(urls[rand.Intn(len(urls))] + "/whoami")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	w.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
	w.WriteHeader(answer.StatusCode)
	io.Copy(w, answer.Body)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
