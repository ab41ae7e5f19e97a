package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	cloudprovider "k8s.io/cloud-provider"
	"k8s.io/cloud-provider/api"
)

// The token is in the environment, because flags and logs are read by others.
const (
	urlVariable   = "REFERENCE_CONTROLLER_CLOUD"
	tokenVariable = "REFERENCE_CONTROLLER_TOKEN"
)

type endpoint struct{ url, token string }

// about names the arguments of a call.
type about map[string]any

// refusal is an error of the cloud in words that both sides know.
type refusal struct {
	Kind       string  `json:"kind"`
	Message    string  `json:"message"`
	RetryAfter float64 `json:"retryAfter"`
}

// sentinels are compared by identity in the shared controllers, so they come through as themselves.
var sentinels = map[string]error{
	"instance-not-found":    cloudprovider.InstanceNotFound,
	"not-implemented":       cloudprovider.NotImplemented,
	"implemented-elsewhere": cloudprovider.ImplementedElsewhere,
	"disk-not-found":        cloudprovider.DiskNotFound,
}

// asError gives what a provider would have returned; one that crashed takes the controller with it.
func (r *refusal) asError() error {
	switch {
	case r.Kind == "crash":
		panic(r.Message)
	case r.Kind == "retry":
		return api.NewRetryError(r.Message, time.Duration(r.RetryAfter*float64(time.Second)))
	case sentinels[r.Kind] != nil:
		return sentinels[r.Kind]
	}
	return fmt.Errorf("%s: %s", r.Kind, r.Message)
}

// ask puts one question, names the loop that asks, and gives the answer.
func ask[T any](ctx context.Context, at endpoint, method string, arguments about) (result T, err error) {
	var said struct {
		Result T        `json:"result"`
		Error  *refusal `json:"error"`
	}
	if err := at.post(ctx, method, about{"caller": callingLoop(), "arguments": arguments}, &said); err != nil {
		return result, fmt.Errorf("%s: %w", method, err)
	}
	if said.Error != nil {
		return result, said.Error.asError()
	}
	return said.Result, nil
}

// tell is ask where the answer is only whether it was done.
func tell(ctx context.Context, at endpoint, method string, arguments about) error {
	_, err := ask[any](ctx, at, method, arguments)
	return err
}

func (e endpoint) post(ctx context.Context, method string, body about, said any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	asked, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url+"/"+method, bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	asked.Header.Set("Authorization", "Bearer "+e.token)
	asked.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(asked)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the cloud answered %s", response.Status)
	}
	return json.NewDecoder(response.Body).Decode(said)
}
