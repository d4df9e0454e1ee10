"""HTTP routes, one module per kind of resource. Each exposes a `routeur` that `maillage.app` mounts."""
