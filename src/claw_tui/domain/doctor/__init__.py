"""What is wrong with a gateway: rules over facts. No I/O."""
