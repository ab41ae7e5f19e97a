package main

import (
	"context"
	"fmt"
	"slices"

	cloudprovider "k8s.io/cloud-provider"
)

// remoteCloud has the interfaces that the endpoint named when the program started.
type remoteCloud struct {
	endpoint   endpoint
	name       string
	interfaces []string
}

// connect asks the endpoint who it is. Each start of the program is a new life for the endpoint, too.
func connect(url, token string) (*remoteCloud, error) {
	type introduction struct {
		Provider   string   `json:"provider"`
		Interfaces []string `json:"interfaces"`
	}
	at := endpoint{url: url, token: token}
	said, err := ask[introduction](context.Background(), at, "Cloud.Connect", about{})
	if err != nil {
		return nil, err
	}
	if said.Provider == "" || len(said.Interfaces) == 0 {
		return nil, fmt.Errorf("wanted a provider's name and its interfaces, saw %+v", said)
	}
	return &remoteCloud{endpoint: at, name: said.Provider, interfaces: said.Interfaces}, nil
}

func (c *remoteCloud) has(name string) bool { return slices.Contains(c.interfaces, name) }

func (c *remoteCloud) Initialize(cloudprovider.ControllerClientBuilder, <-chan struct{}) {}
func (c *remoteCloud) ProviderName() string                                              { return c.name }
func (c *remoteCloud) HasClusterID() bool                                                { return true }
func (c *remoteCloud) Clusters() (cloudprovider.Clusters, bool)                          { return nil, false }

func (c *remoteCloud) InstancesV2() (cloudprovider.InstancesV2, bool) {
	return instancesV2{c.endpoint}, c.has("InstancesV2")
}
func (c *remoteCloud) Instances() (cloudprovider.Instances, bool) {
	return instances{c.endpoint}, c.has("Instances")
}
func (c *remoteCloud) Zones() (cloudprovider.Zones, bool) {
	return zones{c.endpoint}, c.has("Zones")
}
func (c *remoteCloud) LoadBalancer() (cloudprovider.LoadBalancer, bool) {
	return loadBalancer{c.endpoint}, c.has("LoadBalancer")
}
func (c *remoteCloud) Routes() (cloudprovider.Routes, bool) {
	return routes{c.endpoint}, c.has("Routes")
}
