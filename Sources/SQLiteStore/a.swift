internal import SaaSCore
