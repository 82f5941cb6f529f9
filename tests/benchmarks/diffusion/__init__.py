"""The diffusion autoencoder beside the way DiffChest's released code does the same."""
