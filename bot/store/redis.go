package store

import (
	"context"
	"fmt"
	"time"
)

func openRedis(context.Context, string, func() time.Time) (engine, error) {
	return nil, fmt.Errorf("%w: Redis", ErrConfig)
}
