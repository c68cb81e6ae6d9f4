"""A stand-in for the NSSO: its own process, its own store, answering over HTTP like the service does.

It shares the wire names of ``contract`` with the portal and nothing else. Start it with
``manage.py nsso_simulator``. With ``--seed`` the same calls in the same order give the same numbers, tokens
and trace ids in every new store; moments are the clock's. Below its base address ``/doc/openapi.json``
describes it, for everybody. Beside the service's operations it has control addresses, on loopback only:

- ``GET /_simulator/registrations``: what was taken in, in order of intake;
- ``GET`` and ``PUT /_simulator/reference``: the reference data; a PUT replaces just the sections given;
- ``POST /_simulator/clients``: one client more, or new values for a client id already there;
- ``GET`` and ``POST /_simulator/presences``: presences made by other means (the NSSO's own page, another
  system), ``{"items": [item, ...]}``, for whichever company of a chain; a POST adds, a PUT of the section
  ``presences`` replaces;
- ``GET`` and ``PUT /_simulator/faults``: the faults to play, see ``faults``;
- ``POST /_simulator/advance``: ``{"seconds": 57600}`` moves the validation clock, never token or intake
  checks;
- ``DELETE /_simulator``: forgets registrations, faults and the advance; keeps reference data and clients.

The reference data are one JSON object. Every section is optional; an absent one knows nobody. Days are
``YYYY-MM-DD`` in Brussels, both ends included; an absent end is open::

    {
      "people":       [{"ssin", "posted"?: true, "selfEmployedFor"?: [enterpriseNumber, ...]}],
      "dimona":       [{"ssin", "enterpriseNumber", "startDate", "endDate"?,
                        "status"?: "employee" | "selfEmployed"}],
      "limosa":       [{"ssin", "startDate", "endDate"?}],
      "enterprises":  [{"enterpriseNumber", "startDate"?, "endDate"?}],
      "declarations": [{"contractualRelationshipReference", "enterpriseNumber", "startDate"?, "endDate"?,
                        "subject"?: true,
                        "chain"?: [{"enterpriseNumber" or "foreignVatNumber", "parentEnterpriseNumber"?,
                                    "startDate"?, "endDate"?}]}],
      "clients":      [{"clientId", "publicKeyPem" (one key or several), "enterpriseNumber"}],
      "presences":    [registrations made by other means, in the shape of an item of a bulk call]
    }

A company of the chain without a parent stands directly below the declarer.
"""
