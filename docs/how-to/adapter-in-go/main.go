// An adapter in Go: a cloud in memory, and the reference controller that asks it over HTTP. The lines on standard
// input and output are those of docs/reference/adapter-exec.md; standard error is the log.
package main

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

type object = map[string]any
type part struct{ Name, ProviderID string }

var description = object{
	"kind": "described", "apiVersion": "conformance.cloud-provider/adapter-exec/v1", "name": "go-example",
	"subjects": object{"cloud-controller": object{"cluster": true}}, "private_only": true,
	"identity": object{"name": "reference-controller", "simulator": "a cloud in memory"},
	"needs":    []string{"kubernetes", "view", "journal", "control"}, "settings": []string{"default", "address-period-long"},
	"capabilities": []string{"instanceStop", "instanceTypes", "regions", "zones"},
	"timing":       object{"node_monitor": 0.05, "node_addresses": 0.1, "node_reaction": 0.2, "poll": nil},
}

var (
	lock            sync.Mutex               // over everything below
	machines, count = map[string]object{}, 0 // machines by id, as the run is told of them
	ids             = map[string]string{}    // by node name
	runID, token    = "", rand.Text()
	controller      *exec.Cmd
)

func main() {
	cloud := httptest.NewServer(http.HandlerFunc(answer))
	lines, asked := json.NewDecoder(os.Stdin), object{}
	for ; lines.Decode(&asked) == nil; asked = nil {
		lock.Lock()
		if asked["kind"] != "recorded" { // an adapter that acts out no faults need not wait for it
			say(asked["id"], do(asked, cloud.URL))
		}
		lock.Unlock()
	}
}

func next() int { count++; return count }
func say(id any, line object) {
	line["id"] = id
	json.NewEncoder(os.Stdout).Encode(line)
}

func do(asked object, cloud string) object {
	id, _ := asked["instance"].(string)
	switch asked["kind"] {
	case "describe":
		return description
	case "start":
		return start(asked, cloud)
	case "stop":
		controller.Process.Kill()
		return object{"kind": "done"}
	case "list-instances":
		return object{"kind": "instances", "instances": slices.AppendSeq([]object{}, maps.Values(machines))}
	case "create-instance":
		shape := asked["shape"].(object)
		id = create(shape["node_name"].(string), shape["zone"].(float64), shape["private_addresses"].(float64))
	case "replace-instance":
		name := machines[id]["node_name"].(string)
		delete(machines, id)
		id = create(name, 1, 1)
	case "terminate-instance":
		delete(machines, id)
		return object{"kind": "done"}
	case "enter-state":
		machines[id]["state"] = asked["state"]
		return object{"kind": "done"}
	case "stop-instance", "start-instance":
		machines[id]["state"] = object{"stop-instance": "stopped", "start-instance": "running"}[asked["kind"].(string)]
	case "change-addresses":
		machines[id]["addresses"] = addresses(1)
	}
	return object{"kind": "instance", "instance": machines[id]} // null for one that is gone
}

func create(name string, zone, private float64) string {
	id := fmt.Sprintf("machine-%d", next())
	name = cmp.Or(name, runID+"-"+id)
	ids[name], machines[id] = id, object{"id": id, "provider_id": "example://" + id, "node_name": name, "type": "small",
		"state": "running", "zone": fmt.Sprint("north-", zone), "region": "north", "addresses": addresses(private)}
	return id
}

func addresses(private float64) []object {
	found := []object{{"type": "ExternalIP", "address": fmt.Sprintf("198.18.%d.%d", count/250, next()%250)}}
	for range int(private) {
		found = append(found, object{"type": "InternalIP", "address": fmt.Sprintf("10.0.%d.%d", count/250, next()%250)})
	}
	return found
}

func start(asked object, cloud string) object {
	runID = asked["run_id"].(string)
	program := asked["options"].(object)["programs"].(object)["reference-controller"]
	controller = exec.Command(fmt.Sprint(program), "--cloud-provider=example", "--leader-elect=false", "--secure-port=0",
		"--configure-cloud-routes=false", "--authentication-skip-lookup", "--kube-api-qps=1000", "--kube-api-burst=1000",
		"--node-monitor-period=50ms", fmt.Sprint("--kubeconfig=", asked["cluster"].(object)["kubeconfig"]),
		"--node-status-update-frequency="+map[any]string{"default": "100ms", "address-period-long": "1h"}[asked["setting"]])
	controller.Env = append(os.Environ(), "REFERENCE_CONTROLLER_CLOUD="+cloud, "REFERENCE_CONTROLLER_TOKEN="+token)
	controller.Stderr = os.Stderr
	if err := controller.Start(); err != nil {
		return object{"kind": "error", "message": err.Error()}
	}
	return object{"kind": "started", "states": []object{{"name": "stopping", "exists": true}}}
}

// answer what the controller asks about a node, and tell the run of it.
func answer(to http.ResponseWriter, from *http.Request) {
	var asked struct {
		Caller    string
		Arguments map[string]struct{ Metadata, Spec part }
	}
	lock.Lock()
	defer lock.Unlock()
	if from.Header.Get("Authorization") != "Bearer "+token || json.NewDecoder(from.Body).Decode(&asked) != nil {
		to.WriteHeader(http.StatusUnauthorized)
		return
	}
	call, node := next(), asked.Arguments["node"]
	id := cmp.Or(node.Spec.ProviderID, "example://"+ids[node.Metadata.Name])
	say(call, object{"kind": "call", "resource": "instance", "verb": "get", "caller": asked.Caller, "about": []any{node.Metadata.Name}})
	defer say(call, object{"kind": "called"})
	machine, ours := machines[strings.TrimPrefix(id, "example://")], strings.HasPrefix(id, "example://")
	said := object{"result": object{
		"/Cloud.Connect":                object{"provider": "example", "interfaces": []string{"InstancesV2"}},
		"/InstancesV2.InstanceExists":   machine != nil || !ours,
		"/InstancesV2.InstanceShutdown": machine["state"] == "stopped",
		"/InstancesV2.InstanceMetadata": object{"providerID": machine["provider_id"], "instanceType": machine["type"],
			"zone": machine["zone"], "region": machine["region"], "nodeAddresses": machine["addresses"]},
	}[from.URL.Path]}
	if machine == nil && ours && from.URL.Path == "/InstancesV2.InstanceMetadata" {
		said = object{"error": object{"kind": "instance-not-found"}}
	}
	json.NewEncoder(to).Encode(said)
}
