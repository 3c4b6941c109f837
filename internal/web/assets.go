package web

import (
	"net/http"
	"sync"

	"tiebreak/internal/fault"
	"tiebreak/internal/web/page"
	"tiebreak/static"
)

// encodeAssets compresses each asset once a process.
var encodeAssets = sync.OnceValue(func() map[string]*page.Encoded {
	assets, writer := map[string]*page.Encoded{}, page.NewBestWriter()
	for address, a := range static.Assets() {
		assets[address] = page.Encode(a.Content, page.NewMedium(a.Type, page.AssetCaching, page.BestCompression))
		assets[address].CompressBest(writer)
	}
	return assets
})

func (s *Server) showAsset(w http.ResponseWriter, r *http.Request) error {
	asset, ok := s.assets[r.URL.Path]
	if !ok {
		return fault.NotFound
	}
	asset.Write(w, r)
	return nil
}
