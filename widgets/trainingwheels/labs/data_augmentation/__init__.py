"""11 Data augmentation."""
