// The page's own part of the live stream.
