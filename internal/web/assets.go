package web

import (
	"net/http"
	"sync"

	"tiebreak/internal/fault"
	"tiebreak/static"
)

// assetCaching lets a browser keep an asset for ever: its address names its content.
const assetCaching = "public, max-age=31536000, immutable"

// encodeAssets compresses each asset once a process.
var encodeAssets = sync.OnceValue(func() map[string]*encoded {
	assets, writer := map[string]*encoded{}, best()
	for address, a := range static.Assets() {
		assets[address] = encode(a.Content, mediumOf(a.Type, assetCaching, fully))
		assets[address].compressFully(writer)
	}
	return assets
})

func (s *Server) showAsset(w http.ResponseWriter, r *http.Request) error {
	asset, ok := s.assets[r.URL.Path]
	if !ok {
		return fault.NotFound
	}
	asset.write(w, r)
	return nil
}
