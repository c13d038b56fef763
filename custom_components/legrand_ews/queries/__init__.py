"""What dashboards and other programs ask over the websocket, and the answers (docs/queries.md)."""
