// MQMSessions
