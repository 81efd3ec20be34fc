import { languages } from '../../lib/words';
import { metadataFor } from '../../screens/document';
import { StartScreen } from '../../screens/start';

const Page = () => <StartScreen language="kri" />;

export const metadata = metadataFor(languages.kri.words.start.title, 'kri');
export default Page;
