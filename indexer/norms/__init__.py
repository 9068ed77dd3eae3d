"""What every provision lays on whom: duties, prohibitions, permissions and rights."""

from indexer.norms.extract import norms_of as norms_of
from indexer.norms.model import Modality as Modality
from indexer.norms.model import Norm as Norm
