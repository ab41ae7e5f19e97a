package main

import (
	"context"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	cloudprovider "k8s.io/cloud-provider"
)

type routes struct{ endpoint endpoint }

// route is cloudprovider.Route with names for the wire.
type route struct {
	Name                string           `json:"name"`
	TargetNode          types.NodeName   `json:"targetNode"`
	EnableNodeAddresses bool             `json:"enableNodeAddresses"`
	TargetNodeAddresses []v1.NodeAddress `json:"targetNodeAddresses"`
	DestinationCIDR     string           `json:"destinationCIDR"`
	Blackhole           bool             `json:"blackhole"`
}

func (r routes) ListRoutes(ctx context.Context, cluster string) ([]*cloudprovider.Route, error) {
	found, err := ask[[]*route](ctx, r.endpoint, "Routes.ListRoutes", about{"clusterName": cluster})
	listed := make([]*cloudprovider.Route, len(found))
	for i, one := range found {
		listed[i] = (*cloudprovider.Route)(one)
	}
	return listed, err
}

func (r routes) CreateRoute(ctx context.Context, cluster, hint string, made *cloudprovider.Route) error {
	return tell(ctx, r.endpoint, "Routes.CreateRoute", about{"clusterName": cluster, "nameHint": hint, "route": (*route)(made)})
}

func (r routes) DeleteRoute(ctx context.Context, cluster string, gone *cloudprovider.Route) error {
	return tell(ctx, r.endpoint, "Routes.DeleteRoute", about{"clusterName": cluster, "route": (*route)(gone)})
}
