"""The seven steps of choosing hyperparameters: when each is passed, and nets with a planted fault to try them on."""
