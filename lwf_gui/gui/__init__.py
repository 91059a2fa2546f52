"""The window: Qt and pyqtgraph, and no torch. Looks at records, sends messages, computes nothing."""
