package main

import (
	"context"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	cloudprovider "k8s.io/cloud-provider"
)

type instancesV2 struct{ endpoint endpoint }

// metadata is cloudprovider.InstanceMetadata with names for the wire.
type metadata struct {
	ProviderID       string            `json:"providerID"`
	InstanceType     string            `json:"instanceType"`
	NodeAddresses    []v1.NodeAddress  `json:"nodeAddresses"`
	Zone             string            `json:"zone"`
	Region           string            `json:"region"`
	AdditionalLabels map[string]string `json:"additionalLabels"`
}

func (i instancesV2) InstanceExists(ctx context.Context, node *v1.Node) (bool, error) {
	return ask[bool](ctx, i.endpoint, "InstancesV2.InstanceExists", about{"node": node})
}

func (i instancesV2) InstanceShutdown(ctx context.Context, node *v1.Node) (bool, error) {
	return ask[bool](ctx, i.endpoint, "InstancesV2.InstanceShutdown", about{"node": node})
}

// InstanceMetadata gives nil for null: not this cloud's node.
func (i instancesV2) InstanceMetadata(ctx context.Context, node *v1.Node) (*cloudprovider.InstanceMetadata, error) {
	found, err := ask[*metadata](ctx, i.endpoint, "InstancesV2.InstanceMetadata", about{"node": node})
	return (*cloudprovider.InstanceMetadata)(found), err
}

// instances is the interface before InstancesV2; a cloud that has both is asked by the newer one.
type instances struct{ endpoint endpoint }

func (i instances) NodeAddresses(ctx context.Context, name types.NodeName) ([]v1.NodeAddress, error) {
	return ask[[]v1.NodeAddress](ctx, i.endpoint, "Instances.NodeAddresses", about{"name": name})
}
func (i instances) NodeAddressesByProviderID(ctx context.Context, id string) ([]v1.NodeAddress, error) {
	return ask[[]v1.NodeAddress](ctx, i.endpoint, "Instances.NodeAddressesByProviderID", about{"providerID": id})
}

func (i instances) InstanceID(ctx context.Context, name types.NodeName) (string, error) {
	return ask[string](ctx, i.endpoint, "Instances.InstanceID", about{"name": name})
}

func (i instances) InstanceType(ctx context.Context, name types.NodeName) (string, error) {
	return ask[string](ctx, i.endpoint, "Instances.InstanceType", about{"name": name})
}
func (i instances) InstanceTypeByProviderID(ctx context.Context, id string) (string, error) {
	return ask[string](ctx, i.endpoint, "Instances.InstanceTypeByProviderID", about{"providerID": id})
}

func (i instances) InstanceExistsByProviderID(ctx context.Context, id string) (bool, error) {
	return ask[bool](ctx, i.endpoint, "Instances.InstanceExistsByProviderID", about{"providerID": id})
}
func (i instances) InstanceShutdownByProviderID(ctx context.Context, id string) (bool, error) {
	return ask[bool](ctx, i.endpoint, "Instances.InstanceShutdownByProviderID", about{"providerID": id})
}

// No shared controller calls the last two.

func (i instances) AddSSHKeyToAllInstances(context.Context, string, []byte) error {
	return cloudprovider.NotImplemented
}
func (i instances) CurrentNodeName(_ context.Context, hostname string) (types.NodeName, error) {
	return types.NodeName(hostname), nil
}

// zones goes with instances: InstancesV2 says the zone itself.
type zones struct{ endpoint endpoint }

type zone struct {
	FailureDomain string `json:"zone"`
	Region        string `json:"region"`
}

func (z zones) GetZone(ctx context.Context) (cloudprovider.Zone, error) {
	return z.ask(ctx, "Zones.GetZone", about{})
}

func (z zones) GetZoneByProviderID(ctx context.Context, id string) (cloudprovider.Zone, error) {
	return z.ask(ctx, "Zones.GetZoneByProviderID", about{"providerID": id})
}

func (z zones) GetZoneByNodeName(ctx context.Context, name types.NodeName) (cloudprovider.Zone, error) {
	return z.ask(ctx, "Zones.GetZoneByNodeName", about{"name": name})
}

func (z zones) ask(ctx context.Context, method string, arguments about) (cloudprovider.Zone, error) {
	found, err := ask[zone](ctx, z.endpoint, method, arguments)
	return cloudprovider.Zone(found), err
}
