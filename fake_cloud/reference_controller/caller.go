package main

import (
	"runtime"
	"strings"
)

const controllers = "k8s.io/cloud-provider/controllers/"

// loops are functions of the shared controllers by the loop that they belong to. The node controller
// has two loops, so its functions decide.
var loops = []struct{ function, loop string }{
	{"node.(*CloudNodeController).UpdateNodeStatus", "node-addresses"},
	{"node.(*CloudNodeController).syncNode", "node-initialization"},
	{"nodelifecycle.", "node-lifecycle"},
	{"service.", "service"},
	{"route.", "route"},
}

// callingLoop reads from the stack which loop is asking; the interfaces do not say.
func callingLoop() string {
	counters := make([]uintptr, 64)
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters)])
	for {
		frame, more := frames.Next()
		if function, found := strings.CutPrefix(frame.Function, controllers); found {
			for _, known := range loops {
				if strings.HasPrefix(function, known.function) {
					return known.loop
				}
			}
		}
		if !more {
			return ""
		}
	}
}
