package main

import (
	"context"

	v1 "k8s.io/api/core/v1"
	cloudprovider "k8s.io/cloud-provider"
)

type loadBalancer struct{ endpoint endpoint }

func (l loadBalancer) GetLoadBalancer(ctx context.Context, cluster string, service *v1.Service) (*v1.LoadBalancerStatus, bool, error) {
	type answer struct {
		Exists bool                   `json:"exists"`
		Status *v1.LoadBalancerStatus `json:"status"`
	}
	found, err := ask[answer](ctx, l.endpoint, "LoadBalancer.GetLoadBalancer", about{"clusterName": cluster, "service": service})
	return found.Status, found.Exists, err
}

// GetLoadBalancerName cannot fail; where the cloud does not say, it is the name of the old scheme.
func (l loadBalancer) GetLoadBalancerName(ctx context.Context, cluster string, service *v1.Service) string {
	name, err := ask[string](ctx, l.endpoint, "LoadBalancer.GetLoadBalancerName", about{"clusterName": cluster, "service": service})
	if err != nil {
		return cloudprovider.DefaultLoadBalancerName(service)
	}
	return name
}

func (l loadBalancer) EnsureLoadBalancer(ctx context.Context, cluster string, service *v1.Service, nodes []*v1.Node) (*v1.LoadBalancerStatus, error) {
	return ask[*v1.LoadBalancerStatus](ctx, l.endpoint, "LoadBalancer.EnsureLoadBalancer", about{"clusterName": cluster, "service": service, "nodes": nodes})
}

func (l loadBalancer) UpdateLoadBalancer(ctx context.Context, cluster string, service *v1.Service, nodes []*v1.Node) error {
	return tell(ctx, l.endpoint, "LoadBalancer.UpdateLoadBalancer", about{"clusterName": cluster, "service": service, "nodes": nodes})
}

func (l loadBalancer) EnsureLoadBalancerDeleted(ctx context.Context, cluster string, service *v1.Service) error {
	return tell(ctx, l.endpoint, "LoadBalancer.EnsureLoadBalancerDeleted", about{"clusterName": cluster, "service": service})
}
