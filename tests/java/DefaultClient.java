import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Connects to a port of this machine as any Java program does that sets nothing: `DefaultClient PORT NAME` says `trusted` or why not. */
public class DefaultClient {
    public static void main(String[] args) throws Exception {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (SSLSocket socket = (SSLSocket) factory.createSocket(plain, args[1], plain.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            System.out.println("trusted");
        } catch (SSLException problem) {
            System.out.println("refused: " + problem);
            System.exit(1);
        }
    }
}
