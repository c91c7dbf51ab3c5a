"""A server, and between it and two people networks that can be broken."""

from broker import Broker
from proxy import Proxy


class Network:
    """`doctor` and `patient` are their networks; the `url` of each is where they find the server."""

    def __init__(self, folder):
        self.doctor, self.patient = Proxy(), Proxy()
        self.broker = Broker(folder, demo=True, options=["--origins", f"{self.doctor.url},{self.patient.url}"]).start()
        for proxy in (self.doctor, self.patient):
            proxy.to(self.broker.port)

    def close(self):
        for proxy in (self.doctor, self.patient):
            proxy.close()
        self.broker.stop()
