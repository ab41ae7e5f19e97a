// The reference controller: the shared controllers of k8s.io/cloud-provider, as every provider links
// them, over a cloud that answers elsewhere. It decides nothing by itself.
package main

import (
	"os"

	"k8s.io/apimachinery/pkg/util/wait"
	cloudprovider "k8s.io/cloud-provider"
	"k8s.io/cloud-provider/app"
	"k8s.io/cloud-provider/app/config"
	"k8s.io/cloud-provider/names"
	"k8s.io/cloud-provider/options"
	"k8s.io/component-base/cli"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/klog/v2"
)

func main() {
	settings, err := options.NewCloudControllerManagerOptions()
	if err != nil {
		klog.Fatalf("options: %v", err)
	}
	command := app.NewCloudControllerManagerCommand(settings, cloud, app.DefaultInitFuncConstructors,
		names.CCMControllerAliases(), cliflag.NamedFlagSets{}, wait.NeverStop)
	os.Exit(cli.Run(command))
}

func cloud(*config.CompletedConfig) cloudprovider.Interface {
	connected, err := connect(os.Getenv(urlVariable), os.Getenv(tokenVariable))
	if err != nil {
		klog.Fatalf("expected a cloud at $%s: %v", urlVariable, err)
	}
	return connected
}
