print("mqm-broker")
